import { join } from 'node:path'
import { HttpConnection } from '../../packages/server/tests/helpers/http-connection.ts'
import { startServerProcess } from '../../packages/server/tests/helpers/server-process.ts'
import type { Launch, ServerProcess } from '../../packages/server/tests/helpers/server-process.ts'
import { quantile } from '../load/measure.ts'
import type { BenchOptions, Report, Row } from '../report.ts'
import { startWatchedServer } from '../servers/watched-server.ts'
import type { WatchedServer } from '../servers/watched-server.ts'
import { dashboardReads } from './reads.ts'
import type { Read } from './reads.ts'
import type { Store } from './stores.ts'

const REQUESTS_PER_SECOND = 50

interface Filled {
  stores: readonly Store[]
  reference: { name: string; launch: Launch } | undefined
  now: number
  /** For files of the measurement. */
  folder: string
}

/** Milliseconds. */
interface ReadTimes {
  p50: number
  p95: number
}

/** The reads of a dashboard on each database, and how late they made the event loop of its server. */
export async function measureReads(
  { stores, reference, now, folder }: Filled,
  { taskRuns, seconds }: BenchOptions,
): Promise<Report[]> {
  const ours: { name: string; server: WatchedServer }[] = []
  let theirs: ServerProcess | undefined
  const origins = new Map<string, string>()
  try {
    for (const { name, big } of stores) {
      ours.push({ name, server: await startWatchedServer(big, join(folder, 'loop-delay.json')) })
    }
    if (reference) theirs = await startServerProcess(reference.launch)
    for (const { name, server } of ours) origins.set(name, server.origin)
    if (reference && theirs) origins.set(reference.name, theirs.origin)
    for (const { server } of ours) await server.loopDelay()
    const rows: Row[] = []
    for (const read of dashboardReads({ taskRuns, now })) {
      const times = await measureRead(origins, read, Math.ceil(seconds * REQUESTS_PER_SECOND))
      rows.push(...ours.map(({ name }) => rowOf(read, name, times, reference && times.get(reference.name))))
    }
    const late: Row[] = []
    for (const { name, server } of ours) {
      const { p99, most, busiest } = await server.loopDelay()
      late.push({ database: name, 'p99 ms': p99, 'most ms': most, 'busiest ms': busiest })
    }
    const notes = [
      'allowed: a third of the median of the reference, and for all but long lists 15 ms at most',
    ]
    return [
      { name: `Reads of a dashboard at ${taskRuns} task runs`, rows, notes },
      {
        name: 'How late the event loop was while the reads ran',
        rows: late,
        notes: ['busiest: of its own processor time, between two turns'],
      },
    ]
  } finally {
    await Promise.all([...ours.map(({ server }) => server.stop()), theirs?.stop()])
  }
}

/**
 * Asks every server in turn, one request at a time, so that what else the machine does hits all of them.
 * The first answers, which fill caches, do not count. Throws when an answer is not 200.
 */
async function measureRead(
  origins: ReadonlyMap<string, string>,
  { path, body, name }: Read,
  requests: number,
): Promise<Map<string, ReadTimes>> {
  const connections = new Map<string, HttpConnection>()
  const times = new Map<string, number[]>([...origins.keys()].map((server) => [server, []]))
  const unmeasured = Math.ceil(requests / 10)
  try {
    // New ones for each read: servers close those that were idle for a while.
    for (const [server, origin] of origins) connections.set(server, await HttpConnection.open(origin))
    for (let request = 0; request < requests + unmeasured; request++) {
      for (const [server, connection] of connections) {
        const sent = performance.now()
        const { status, body: text } = await connection.request('POST', path, body)
        if (request >= unmeasured) times.get(server)?.push(performance.now() - sent)
        if (status !== 200) throw new Error(`${server} answered ${status} for ${name}: ${text}`)
      }
    }
  } finally {
    for (const connection of connections.values()) connection.close()
  }
  return new Map([...times].map(([server, taken]) => [server, timesOf(taken)]))
}

function timesOf(taken: readonly number[]): ReadTimes {
  const sorted = Float64Array.from(taken).sort()
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) }
}

function rowOf(
  read: Read,
  name: string,
  times: ReadonlyMap<string, ReadTimes>,
  reference: ReadTimes | undefined,
): Row {
  const { p50, p95 } = times.get(name) as ReadTimes
  const allowed = Math.min(read.most, reference ? reference.p50 / 3 : Infinity)
  return {
    read: read.name,
    database: name,
    'p50 ms': p50,
    'p95 ms': p95,
    'reference p50': reference?.p50 ?? null,
    'allowed p95': allowed,
    within: p95 <= allowed ? 'yes' : 'NO',
  }
}
