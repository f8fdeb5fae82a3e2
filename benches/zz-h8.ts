import { startPostgresServer } from '../packages/server/tests/helpers/postgres-server.ts'
import { reeve, startServerProcess } from '../packages/server/tests/helpers/server-process.ts'
import { setTimeout as delay } from 'node:timers/promises'
import { Ledger } from '../packages/server/tests/crash/ledger.ts'
import { startLoad } from '../packages/server/tests/crash/load.ts'
const postgres = await startPostgresServer()
const s = await startServerProcess(reeve(postgres.url))
const make = async (path: string, body: object) => {
  const r = await fetch(`${s.origin}/api${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  return await r.json() as any
}
const flow = await make('/flows/', { name: 'x' })
const run = await make('/flow_runs/', { flow_id: flow.id, state: { type: 'RUNNING' } })
const ledger = new Ledger()
const load = startLoad({ origin: s.origin, flowRunId: run.id, tags: ['a', 'b'] }, ledger)
await delay(3000)
console.log('writes', ledger.writes)
await postgres.crash()
console.log('crashed', ledger.writes, s.output())
await postgres.restart()
console.log('restarted')
for (let i = 0; i < 8; i++) { await delay(1000); console.log('writes', ledger.writes, ledger.faults(new Map()).slice(0,1)) }
const t = performance.now()
console.log(await Promise.race([make('/flows/', { name: 'y' }), delay(5000)]), performance.now() - t)
console.log(s.output())
await s.kill(); await load.stop(); await postgres.stop()
