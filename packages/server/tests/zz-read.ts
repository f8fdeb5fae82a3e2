import { SqliteConnection, decodeRow } from '../src/database/sqlite-connection.ts'
import { DatabaseSync } from 'node:sqlite'
import { readTaskRun } from '../src/models/task-runs.ts'
import { loadTaskRuns } from '../src/models/task-run-facts.ts'
import { withoutState, currentState } from '../src/models/joined-state.ts'
import { wireTaskRun } from '../src/api/wire/task-run.ts'
import { uuidText, uuidBytes, decoder } from '../src/database/codecs.ts'
import { formatTimestamp } from '@reeve/schemas/time'
const s = new SqliteConnection('/dev/shm/h8micro.db')
const ids = (
  await s.execute<{ id: string }>({
    sql: 'select id from task_run order by created limit 32',
    parameters: [],
  })
).rows.map((r) => r.id)
const cpu = () => {
  const c = process.cpuUsage()
  return c.user + c.system
}
async function bench(name: string, per: number, n: number, f: () => unknown) {
  for (let i = 0; i < n / 2; i++) await f()
  const a = cpu()
  for (let i = 0; i < n; i++) await f()
  console.log(name.padEnd(46), ((cpu() - a) / n / per).toFixed(2), 'us cpu')
}
await bench('readTaskRun', 32, 400, async () => {
  for (const id of ids) await readTaskRun(s, id)
})
await bench('loadTaskRuns 32', 32, 400, async () => loadTaskRuns(s, ids))
const db = new DatabaseSync('/dev/shm/h8micro.db')
let sqlText = ''
const spy = {
  dialect: 'sqlite',
  build: s.build,
  execute: async (st: any) => {
    sqlText = st.sql
    return s.execute(st)
  },
} as any
await readTaskRun({ ...spy }, ids[0]!).catch(() => {})
const { listParameter } = await import('../src/database/prepared.ts')
const q = db.prepare(sqlText)
q.setReturnArrays(true)
const cols = q.columns().map((c) => c.name)
console.log(cols.length, 'columns', sqlText.slice(0, 60))
const texts = ids.map((i) => listParameter(s, [i]))
await bench('raw all', 32, 400, () => {
  for (const t of texts) q.all(t as string)
})
const rows = texts.map((t) => q.all(t as string)[0] as unknown as unknown[])
const dec = cols.map((c) => decoder('sqlite', c))
await bench('decodeRow', 32, 400, () => {
  for (const r of rows) decodeRow(r, cols, dec)
})
const gen = new Function(
  ...dec.map((_, i) => 'd' + i),
  `return (v) => ({${cols.map((c, i) => `${JSON.stringify(c)}: ${dec[i] ? `d${i}(v[${i}])` : `v[${i}]`}`).join(',')}})`,
)(...dec)
await bench('compiled decode', 32, 400, () => {
  for (const r of rows) gen(r)
})
const objs = rows.map((r) => decodeRow<any>(r, cols, dec)),
  gobjs = rows.map((r) => gen(r))
await bench('withoutState', 32, 400, () => {
  for (const r of objs) withoutState(r)
})
await bench('withoutState of compiled', 32, 400, () => {
  for (const r of gobjs) withoutState(r)
})
await bench('spread compiled', 32, 400, () => {
  for (const r of gobjs) ({ ...r, state: 1 })
})
await bench('currentState', 32, 400, () => {
  for (const r of gobjs) currentState(r, { flow_run_id: 'x', task_run_id: 'y' })
})
const recs = await Promise.all(ids.map((i) => readTaskRun(s, i)))
await bench('wire', 32, 400, () => {
  for (const r of recs) wireTaskRun(r!, 1e15)
})
await bench('stringify', 32, 400, () => {
  for (const r of recs) JSON.stringify(r)
})
const u = uuidBytes(ids[0]!)
await bench('uuidText', 1000, 400, () => {
  for (let i = 0; i < 1000; i++) uuidText(u)
})
await bench('uuidBytes', 1000, 400, () => {
  for (let i = 0; i < 1000; i++) uuidBytes(ids[0]!)
})
await bench('formatTimestamp', 1000, 200, () => {
  for (let i = 0; i < 1000; i++) formatTimestamp(1767225600123456 + i)
})
