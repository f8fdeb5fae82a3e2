import { rmSync } from 'node:fs'
import { reeve, startServerProcess } from '../packages/server/tests/helpers/server-process.ts'
import { measure } from './load/measure.ts'
import { startFlowRun } from './load/task-run-load.ts'
import { setStateBody, taskRunBody } from './load/task-run-bodies.ts'
import { statsOfGroup } from './servers/process-stats.ts'
import { startPostgresServer } from '../packages/server/tests/helpers/postgres-server.ts'
import { bareFastify } from './servers/launches.ts'
const [mode = 'sqlite', rounds = '3', prof = 'no', clients = '32', count = '3000'] = process.argv.slice(2)
const pg = mode === 'postgres' ? await startPostgresServer() : undefined
for (const f of ['', '-wal', '-shm', '-lock'])
  rmSync('' + (process.env.DBP ?? '/tmp/h8prof/db') + f, { force: true })
const launch =
  mode === 'bare'
    ? prof === 'prof'
      ? {
          ...bareFastify,
          args: (p: number) => ['--cpu-prof', '--cpu-prof-dir=/tmp/h8prof/bare', ...bareFastify.args(p)],
        }
      : bareFastify
    : reeve(
        pg?.url ?? '' + (process.env.DBP ?? '/tmp/h8prof/db'),
        prof === 'prof' ? ['--cpu-prof', '--cpu-prof-dir=/tmp/h8prof/out'] : [],
      )
const s = await startServerProcess(launch)
const flow = await startFlowRun(s.origin)
let key = 0
for (let i = 0; i < Number(rounds); i++) {
  const ids: string[] = []
  const N = Number(count)
  const out: string[] = []
  const phase = async (name: string, turn: Parameters<typeof measure>[2]) => {
    const b = statsOfGroup(s.pid)!
    const m = await measure(s.origin, { clients: Number(clients), seconds: 1000 }, turn)
    const a = statsOfGroup(s.pid)!
    out.push(
      `${name} ${m.perSecond.toFixed(0)}/s p99 ${m.p99.toFixed(0)} cpu ${((1000 * (a.cpuSeconds - b.cpuSeconds)) / m.done).toFixed(3)} ${JSON.stringify(m.others)}`,
    )
  }
  let n = 0
  await phase('create', async (send) => {
    if (n++ >= N) return false
    const a = await send('POST', '/api/task_runs/', taskRunBody(flow, String(key++)), 201)
    if (a) ids.push(a.body.slice(7, 43))
    return true
  })
  let t = 0
  await phase('transition', async (send) => {
    const id = ids[t++]
    if (!id) return false
    await send('POST', `/api/task_runs/${id}/set_state`, setStateBody(id, 'RUNNING'), 201)
    await send('POST', `/api/task_runs/${id}/set_state`, setStateBody(id, 'COMPLETED'), 201)
    return true
  })
  let r = 0
  await phase('read', async (send) => {
    if (r >= N * Number(process.env.READS ?? 1)) return false
    await send('GET', `/api/task_runs/${ids[r++ % N]}`, undefined, 200)
    return true
  })
  console.log(mode, i, out.join(' | '))
}
console.log('rss', statsOfGroup(s.pid)!.residentMegabytes)
await s.stop()
await pg?.stop()
