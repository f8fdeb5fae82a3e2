/**
 * Runs real clients against Reeve and compares what they leave behind with what they leave on the real servers.
 *
 *     node compat/run.ts [--client 3.8.8] [--database sqlite] [--scenario <part of its name>] [--api-url <root>] [--ahead]
 *
 * With --api-url nothing is started: the suite runs against that server, Reeve or not. With
 * --ahead the scenarios run too that need a part of the API which Reeve does not have yet.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { AUTH_STRING, compareAuthentication } from './authentication.ts'
import { startClient } from './client-process.ts'
import type { Client } from './client-process.ts'
import { compareScenario } from './compare-scenario.ts'
import { databases } from './databases.ts'
import type { Database } from './databases.ts'
import { generations, requireGeneration } from './generation.ts'
import type { Generation } from './generation.ts'
import { inParallel } from './in-parallel.ts'
import { replayMatrix } from './matrix/replay.ts'
import { startReeve } from './reeve-server.ts'
import { Rest } from './rest.ts'
import { scenariosOf } from './scenarios.ts'
import { compareSdk } from './sdk-on-reference.ts'
import { ensureVenv } from './venv.ts'

interface Row {
  scenario: string
  client: string
  database: string
  /** The differences found; none when the row is green. */
  run(): Promise<string[]>
}

// Clients spend half their time waiting for a slot or a poll, so more of them than processors pays.
const PARALLEL = availableParallelism() + 2
const SHOWN = 30

const { values } = parseArgs({
  options: {
    client: { type: 'string' },
    database: { type: 'string' },
    scenario: { type: 'string' },
    ahead: { type: 'boolean' },
    'api-url': { type: 'string' },
  },
})

const clients = values.client ? [requireGeneration(values.client)] : generations
const wants = (name: string) => name.includes(values.scenario ?? '')

/** The scenarios of a client on a server. */
function scenarioRows(generation: Generation, client: Client, apiUrl: string, database: string): Row[] {
  const rest = new Rest(apiUrl, generation.headers)
  return scenariosOf(generation.version, values.scenario, values.ahead).map((scenario) => ({
    scenario: scenario.name,
    client: generation.version,
    database,
    run: () => compareScenario(client, rest, generation, scenario),
  }))
}

function matrixRow(generation: Generation, apiUrl: string, database: string): Row {
  return {
    scenario: 'matrix',
    client: generation.version,
    database,
    run: async () => (await replayMatrix(generation, apiUrl)).differences,
  }
}

function authenticationRow(generation: Generation, apiUrl: string, database: string): Row {
  return {
    scenario: 'authentication',
    client: generation.version,
    database,
    run: () => compareAuthentication(generation, apiUrl),
  }
}

/** Our own client on the newest real server. */
function sdkRow(generation: Generation): Row {
  return {
    scenario: 'sdk',
    client: 'reeve',
    database: `on ${generation.version}`,
    run: () => compareSdk(generation),
  }
}

const results: { row: Row; found: string[] }[] = []

async function attempt(row: Row): Promise<string[]> {
  try {
    return await row.run()
  } catch (error) {
    return [(error as Error).message]
  }
}

// Real clients race with themselves now and then: a difference is believed when it comes twice.
async function runRow(row: Row): Promise<void> {
  const started = performance.now()
  const first = await attempt(row)
  const found = first.length === 0 ? first : await attempt(row)
  results.push({ row, found })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const same = first.length === 0 ? 'same' : 'same, 2nd'
  const verdict = found.length === 0 ? same : `${found.length} differ`
  const cells = [row.scenario.padEnd(20), row.client.padEnd(8), row.database.padEnd(9), verdict.padEnd(10)]
  console.log(`${cells.join('  ')}  ${seconds.padStart(6)}`)
  for (const line of found.slice(0, SHOWN)) {
    console.log(`    ${line.replaceAll('\n', '\n    ')}`)
  }
  if (found.length > SHOWN) {
    console.log(`    … and ${found.length - SHOWN} more`)
  }
}

async function onServer(apiUrl: string, database: string): Promise<void> {
  const processes = await Promise.all(clients.map((generation) => startClient(generation, apiUrl)))
  try {
    const rows = clients.map((each, index) =>
      scenarioRows(each, processes[index] as Client, apiUrl, database),
    )
    await inParallel(rows.flat(), PARALLEL, runRow)
  } finally {
    await Promise.all(processes.map((each) => each.stop()))
  }
  if (wants('matrix')) {
    // By themselves: they are the server's work alone, and a server at its limit answers programs late.
    await inParallel(clients, 1, (generation) => runRow(matrixRow(generation, apiUrl, database)))
  }
}

async function onDatabase(name: string, make: () => Promise<Database>): Promise<void> {
  const database = await make()
  try {
    const server = await startReeve(database.location)
    try {
      await onServer(server.apiUrl, name)
    } finally {
      await server.stop()
    }
    if (wants('authentication')) {
      const guarded = await startReeve(database.location, { REEVE_API_AUTH_STRING: AUTH_STRING })
      try {
        const rows = clients.map((generation) => authenticationRow(generation, guarded.apiUrl, name))
        await inParallel(rows, PARALLEL, runRow)
      } finally {
        await guarded.stop()
      }
    }
  } finally {
    await database.remove()
  }
}

const started = performance.now()
await Promise.all(clients.map(ensureVenv))
console.log(
  `${['scenario'.padEnd(20), 'client'.padEnd(8), 'database'.padEnd(9), 'result'.padEnd(10)].join('  ')}  seconds`,
)
if (values['api-url']) {
  await onServer(values['api-url'], 'given')
} else {
  for (const [name, make] of Object.entries(databases).filter(([each]) =>
    each.includes(values.database ?? ''),
  )) {
    await onDatabase(name, make)
  }
  const newest = clients.at(-1)
  if (newest?.version.startsWith('3.') && wants('sdk') && !values.database) await runRow(sdkRow(newest))
}
const red = results.filter(({ found }) => found.length > 0).length
const seconds = Math.round((performance.now() - started) / 1000)
console.log(`${results.length} rows: ${results.length - red} same, ${red} different, in ${seconds} s`)
const exitCode = red > 0 || results.length === 0 ? 1 : 0
process.exitCode = exitCode
// The library behind PostgreSQL ends the process with 0 whatever was found.
process.on('exit', () => {
  process.exitCode ||= exitCode
})
