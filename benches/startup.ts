import { join } from 'node:path'
import { median } from './report.ts'
import type { Bench, Row } from './report.ts'
import { inScratchFolder } from './scratch.ts'
import { reference } from './servers/launches.ts'
import { reeve, startServerProcess } from '../packages/server/tests/helpers/server-process.ts'
import type { Launch } from '../packages/server/tests/helpers/server-process.ts'

const STARTS = 7

/** From the start of the process to the first healthy answer, on a new database and on one that is there. */
export const startup: Bench = async ({ reference: version }) =>
  inScratchFolder(async (folder) => {
    const fresh: number[] = []
    const again: number[] = []
    for (let index = 0; index < STARTS; index++) {
      const launch = reeve(join(folder, `${index}.db`))
      fresh.push(await startOnce(launch))
      again.push(await startOnce(launch))
    }
    const rows: Row[] = [row('Reeve', 'new', fresh), row('Reeve', 'existing', again)]
    const launch = version ? reference(version, join(folder, 'reference')) : undefined
    if (launch) {
      rows.push(row(`reference ${version}`, 'new', [await startOnce(launch)]))
      rows.push(row(`reference ${version}`, 'existing', [await startOnce(launch)]))
    }
    return { name: 'Start to the first healthy answer', rows }
  })

async function startOnce(launch: Launch): Promise<number> {
  const server = await startServerProcess(launch)
  await server.stop()
  return server.startMs
}

function row(server: string, database: string, times: readonly number[]): Row {
  return {
    server,
    database,
    starts: times.length,
    'median ms': median(times),
    'least ms': Math.min(...times),
    'most ms': Math.max(...times),
  }
}
