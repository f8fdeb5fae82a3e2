import { join } from 'node:path'
import { startPostgresServer } from '../packages/server/tests/helpers/postgres-server.ts'
import { Generator } from './load/generate.ts'
import type { Measurement } from './load/measure.ts'
import type { TaskRunLoad } from './load/task-run-load.ts'
import { median } from './report.ts'
import type { Bench, BenchOptions, Row } from './report.ts'
import { inScratchFolder } from './scratch.ts'
import { bareFastify, reference } from './servers/launches.ts'
import { statsOfGroup } from './servers/process-stats.ts'
import { reeve, startServerProcess } from '../packages/server/tests/helpers/server-process.ts'
import type { Launch, ServerProcess } from '../packages/server/tests/helpers/server-process.ts'

const CLIENTS = [1, 32, 128]
const PHASES = ['create', 'transition', 'read'] as const
const CEILING = 'bare Fastify'

interface Contender {
  name: string
  server: ServerProcess
}

/** One round of one server: the load it bore, and its CPU time over all of it. */
interface Round {
  load: TaskRunLoad
  cpuSeconds: number | undefined
}

/**
 * Task runs made, moved and read over HTTP. The servers take turns within each round, so that what else the
 * machine does hits all of them; the ratio to the ceiling is the median of the ratios in the rounds.
 */
export const http: Bench = async (options) =>
  inScratchFolder(async (folder) => {
    const postgres = options.postgres ? await startPostgresServer() : undefined
    const contenders: Contender[] = []
    const generator = new Generator()
    try {
      for (const [name, launch] of launches(options, folder, postgres?.url)) {
        contenders.push({ name, server: await startServerProcess(launch) })
      }
      return {
        name: 'Task runs over HTTP',
        rows: await measureAll(contenders, generator, options),
        notes: [
          'cpu: milliseconds of processor time that the server spends on a request, its database not counted',
        ],
      }
    } finally {
      generator.stop()
      await Promise.all(contenders.map(({ server }) => server.stop()))
      await postgres?.stop()
    }
  })

function launches(options: BenchOptions, folder: string, postgresUrl: string | undefined) {
  const list: [string, Launch][] = [
    [CEILING, bareFastify],
    ['Reeve SQLite', reeve(join(folder, 'reeve.db'))],
  ]
  if (postgresUrl) list.push(['Reeve PostgreSQL', reeve(postgresUrl)])
  const launch = options.reference ? reference(options.reference, join(folder, 'reference')) : undefined
  if (launch) list.push([`reference ${options.reference} SQLite`, launch])
  return list
}

async function measureAll(
  contenders: readonly Contender[],
  generator: Generator,
  { seconds, rounds }: BenchOptions,
): Promise<Row[]> {
  for (const { server } of contenders)
    await generator.taskRuns({ origin: server.origin, clients: 8, seconds: 1 })
  const rows: Row[] = []
  for (const clients of CLIENTS) {
    const results = new Map<string, Round[]>(contenders.map(({ name }) => [name, []]))
    for (let round = 0; round < rounds; round++) {
      for (const { name, server } of contenders) {
        results.get(name)?.push(await measureOnce(server, generator, clients, seconds))
      }
    }
    for (const [name, found] of results) {
      rows.push(...rowsOf(name, clients, found, results.get(CEILING) ?? []))
    }
  }
  return rows
}

async function measureOnce(
  server: ServerProcess,
  generator: Generator,
  clients: number,
  seconds: number,
): Promise<Round> {
  const before = statsOfGroup(server.pid)
  const load = await generator.taskRuns({ origin: server.origin, clients, seconds })
  const after = statsOfGroup(server.pid)
  return { load, cpuSeconds: before && after && after.cpuSeconds - before.cpuSeconds }
}

function rowsOf(name: string, clients: number, rounds: readonly Round[], ceiling: readonly Round[]): Row[] {
  const cpu = median(rounds.map(({ load, cpuSeconds = Number.NaN }) => (cpuSeconds * 1000) / requests(load)))
  return PHASES.map((phase) => {
    const found = rounds.map(({ load }) => load[phase])
    const of = (field: 'perSecond' | 'p50' | 'p99') => median(found.map((one) => one[field]))
    const shares = found.map((one, round) => one.perSecond / (ceiling[round]?.load[phase].perSecond ?? 0))
    return {
      clients,
      server: name,
      request: phase,
      'per s': of('perSecond'),
      'of ceiling': `${Math.round(median(shares) * 100)} %`,
      'p50 ms': of('p50'),
      'p99 ms': of('p99'),
      cpu,
      'not 2xx as expected': failures(found),
    }
  })
}

function requests(load: TaskRunLoad): number {
  return PHASES.reduce((sum, phase) => sum + load[phase].done, 0)
}

function failures(found: readonly Measurement[]): string {
  const sums = new Map<string, number>()
  for (const { others } of found) {
    for (const [what, times] of Object.entries(others)) sums.set(what, (sums.get(what) ?? 0) + times)
  }
  return sums.size === 0 ? '0' : [...sums].map(([what, times]) => `${what}: ${times}`).join(', ')
}
