import { rmSync } from 'node:fs'
import { reeve, startServerProcess } from '../packages/server/tests/helpers/server-process.ts'
import { startPostgresServer } from '../packages/server/tests/helpers/postgres-server.ts'
import { Generator } from './load/generate.ts'
import { bareFastify } from './servers/launches.ts'
const modes = (process.argv[2] ?? 'bare,sqlite').split(',')
const rounds = Number(process.argv[3] ?? 10),
  clients = Number(process.argv[4] ?? 32)
for (const f of ['', '-wal', '-shm', '-lock']) rmSync('/tmp/h8prof/dbb' + f, { force: true })
const pg = modes.includes('postgres') ? await startPostgresServer() : undefined
const servers = await Promise.all(
  modes.map((m) =>
    startServerProcess(m === 'bare' ? bareFastify : reeve(m === 'postgres' ? pg!.url : '/tmp/h8prof/dbb')),
  ),
)
const g = new Generator()
for (const s of servers) await g.taskRuns({ origin: s.origin, clients: 32, seconds: 2 })
const res: any = Object.fromEntries(
  modes.map((m) => [m, { create: [], transition: [], read: [], p99: [], p50: [] }]),
)
for (let i = 0; i < rounds; i++)
  for (const [k, m] of modes.entries()) {
    const l = await g.taskRuns({ origin: servers[k]!.origin, clients, seconds: 0.7 })
    for (const p of ['create', 'transition', 'read'] as const) res[m][p].push(l[p].perSecond)
    res[m].p99.push(l.transition.p99)
    res[m].p50.push(l.transition.p50)
  }
const max = (a: number[]) => Math.max(...a),
  med = (a: number[]) => [...a].sort((x, y) => x - y)[Math.floor(a.length / 2)]!
for (const m of modes)
  console.log(
    m.padEnd(9),
    ['create', 'transition', 'read']
      .map(
        (p) =>
          `${p} max ${max(res[m][p]).toFixed(0)} (${((max(res[m][p]) / max(res[modes[0]!][p])) * 100).toFixed(0)}%) med ${med(res[m][p]).toFixed(0)} (${((med(res[m][p]) / med(res[modes[0]!][p])) * 100).toFixed(0)}%)`,
      )
      .join(' | '),
    'p99 min',
    Math.min(...res[m].p99).toFixed(1),
    'p50 min',
    Math.min(...res[m].p50).toFixed(2),
  )
g.stop()
for (const s of servers) await s.stop()
await pg?.stop()
