import { startServerProcess, reeve } from '../../packages/server/tests/helpers/server-process.ts'
import type { ServerProcess } from '../../packages/server/tests/helpers/server-process.ts'
import { Generator } from '../load/generate.ts'
import { median } from '../report.ts'
import type { BenchOptions, Report, Row } from '../report.ts'
import { statsOfGroup } from '../servers/process-stats.ts'
import type { Store } from './stores.ts'

const CLIENTS = 32

/** One round on one database. */
interface Round {
  creates: number
  transitions: number
  /** Milliseconds of processor time a request, the database's own not counted. */
  cpu: number
}

/** Creates and transitions a second on the full databases, in turns with the empty ones. */
export async function measureTransitions(
  stores: readonly Store[],
  { seconds, rounds, taskRuns }: BenchOptions,
): Promise<Report> {
  const rows: Row[] = []
  const generator = new Generator()
  try {
    for (const { name, big, empty } of stores) {
      const full = await startServerProcess(reeve(big))
      const fresh = await startServerProcess(reeve(empty))
      const found = { full: [] as Round[], fresh: [] as Round[] }
      try {
        for (const server of [full, fresh]) await measureRound(server, generator, 1)
        for (let round = 0; round < rounds; round++) {
          found.full.push(await measureRound(full, generator, seconds))
          found.fresh.push(await measureRound(fresh, generator, seconds))
        }
      } finally {
        await Promise.all([full.stop(), fresh.stop()])
      }
      rows.push(...rowsOf(name, found))
    }
  } finally {
    generator.stop()
  }
  return {
    name: `Task runs created and moved with ${CLIENTS} clients at ${taskRuns} task runs and at none`,
    rows,
    notes: ['of empty: the median of the ratios in the rounds', 'cpu: as in the benchmark http'],
  }
}

async function measureRound(server: ServerProcess, generator: Generator, seconds: number): Promise<Round> {
  const before = statsOfGroup(server.pid)?.cpuSeconds ?? Number.NaN
  const { create, transition, read } = await generator.taskRuns({
    origin: server.origin,
    clients: CLIENTS,
    seconds,
  })
  const used = (statsOfGroup(server.pid)?.cpuSeconds ?? Number.NaN) - before
  const requests = create.done + transition.done + read.done
  return {
    creates: create.perSecond,
    transitions: transition.perSecond,
    cpu: (used * 1000) / requests,
  }
}

function rowsOf(name: string, { full, fresh }: { full: readonly Round[]; fresh: readonly Round[] }): Row[] {
  const share = (field: keyof Round) =>
    `${Math.round(100 * median(full.map((round, index) => round[field] / (fresh[index]?.[field] ?? 0))))} %`
  const of = (rounds: readonly Round[], field: keyof Round) => median(rounds.map((round) => round[field]))
  return [
    {
      database: name,
      rows: 'many',
      'creates per s': of(full, 'creates'),
      'of empty': share('creates'),
      'transitions per s': of(full, 'transitions'),
      'of empty ': share('transitions'),
      cpu: of(full, 'cpu'),
    },
    {
      database: name,
      rows: 'none',
      'creates per s': of(fresh, 'creates'),
      'of empty': '100 %',
      'transitions per s': of(fresh, 'transitions'),
      'of empty ': '100 %',
      cpu: of(fresh, 'cpu'),
    },
  ]
}
