/**
 * Runs real clients against Reeve and compares what they leave behind with what they leave on the real servers.
 *
 *     node compat/run.ts [--client 3.8.8] [--database sqlite] [--scenario <part of its name>] [--api-url <root>]
 *
 * With --api-url nothing is started: the suite runs against that server, Reeve or not.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { AUTH_STRING, compareAuthentication } from './authentication.ts'
import { compareScenario } from './compare-scenario.ts'
import { databases } from './databases.ts'
import type { Database } from './databases.ts'
import { generations, requireGeneration } from './generation.ts'
import type { Generation } from './generation.ts'
import { replayMatrix } from './matrix/replay.ts'
import { startReeve } from './reeve-server.ts'
import { scenariosOf } from './scenarios.ts'
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
    'api-url': { type: 'string' },
  },
})

const clients = values.client ? [requireGeneration(values.client)] : generations
const wants = (name: string) => name.includes(values.scenario ?? '')

/** The rows of one server: scenarios of all clients first, then the matrices, which are the server's work alone. */
function rowsOf(apiUrl: string, database: string): { programs: Row[]; matrices: Row[] } {
  const programs = clients.flatMap((generation) =>
    scenariosOf(generation.version, values.scenario).map(({ name }) => ({
      scenario: name,
      client: generation.version,
      database,
      run: () => compareScenario(generation, name, apiUrl),
    })),
  )
  const matrices = clients.map((generation) => ({
    scenario: 'matrix',
    client: generation.version,
    database,
    run: async () => (await replayMatrix(generation, apiUrl)).differences,
  }))
  return { programs, matrices: wants('matrix') ? matrices : [] }
}

function authenticationRow(generation: Generation, apiUrl: string, database: string): Row {
  return {
    scenario: 'authentication',
    client: generation.version,
    database,
    run: () => compareAuthentication(generation, apiUrl),
  }
}

const results: { row: Row; found: string[] }[] = []

async function runRow(row: Row): Promise<void> {
  const started = performance.now()
  let found: string[]
  try {
    found = await row.run()
  } catch (error) {
    found = [(error as Error).message]
  }
  results.push({ row, found })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const verdict = found.length === 0 ? 'same' : `${found.length} differ`
  const cells = [row.scenario.padEnd(20), row.client.padEnd(8), row.database.padEnd(9), verdict.padEnd(10)]
  console.log(`${cells.join('  ')}  ${seconds.padStart(6)}`)
  for (const line of found.slice(0, SHOWN)) {
    console.log(`    ${line.replaceAll('\n', '\n    ')}`)
  }
  if (found.length > SHOWN) {
    console.log(`    … and ${found.length - SHOWN} more`)
  }
}

async function inParallel(rows: Row[], width: number): Promise<void> {
  const waiting = [...rows]
  const work = async () => {
    for (let row = waiting.shift(); row; row = waiting.shift()) {
      await runRow(row)
    }
  }
  await Promise.all(Array.from({ length: width }, work))
}

async function onServer(apiUrl: string, database: string): Promise<void> {
  const { programs, matrices } = rowsOf(apiUrl, database)
  await inParallel(programs, PARALLEL)
  await inParallel(matrices, 1)
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
        await inParallel(rows, PARALLEL)
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
}
const red = results.filter(({ found }) => found.length > 0).length
const seconds = Math.round((performance.now() - started) / 1000)
console.log(`${results.length} rows: ${results.length - red} same, ${red} different, in ${seconds} s`)
process.exitCode = red > 0 || results.length === 0 ? 1 : 0
