import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Generator } from './load/generate.ts'
import type { Bench, Row } from './report.ts'
import { inScratchFolder } from './scratch.ts'
import { reference } from './servers/launches.ts'
import { statsOfGroup } from './servers/process-stats.ts'
import { reeve, startServerProcess } from '../packages/server/tests/helpers/server-process.ts'
import type { Launch } from '../packages/server/tests/helpers/server-process.ts'

const SETTLE_MS = 3000
const IDLE_MS = 10_000

/** Resident memory and processor time of a server that has nothing to do, new and after load. */
export const memory: Bench = async ({ seconds, reference: version }) =>
  inScratchFolder(async (folder) => {
    const rows = [await measureServer('Reeve', reeve(join(folder, 'reeve.db')), seconds)]
    const launch = version ? reference(version, join(folder, 'reference')) : undefined
    if (launch) rows.push(await measureServer(`reference ${version}`, launch, seconds))
    return { name: 'Idle memory', rows }
  })

async function measureServer(name: string, launch: Launch, seconds: number): Promise<Row> {
  const server = await startServerProcess(launch)
  const generator = new Generator()
  try {
    await delay(SETTLE_MS)
    const before = statsOfGroup(server.pid)
    await delay(IDLE_MS)
    const idle = statsOfGroup(server.pid)
    const load = await generator.taskRuns({ origin: server.origin, clients: 32, seconds })
    await delay(SETTLE_MS)
    const after = statsOfGroup(server.pid)
    const busy = idle && before && idle.cpuSeconds - before.cpuSeconds
    return {
      server: name,
      'idle MB': idle?.residentMegabytes ?? null,
      'idle % of a core': busy === undefined ? null : (busy / (IDLE_MS / 1000)) * 100,
      'MB after load': after?.residentMegabytes ?? null,
      'requests of the load': load.create.done + load.transition.done + load.read.done,
    }
  } finally {
    generator.stop()
    await server.stop()
  }
}
