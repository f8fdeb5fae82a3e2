import { DatabaseSync } from 'node:sqlite'
const db = new DatabaseSync('/dev/shm/h8micro.db')
db.exec('pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on; pragma cache_size=-65536')
const ids = db
  .prepare('select id from task_run order by created limit 32')
  .all()
  .map((r: any) => r.id as Uint8Array)
const texts = JSON.stringify(
  ids.map((i) =>
    Buffer.from(i)
      .toString('hex')
      .replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  ),
)
const cpu = () => {
  const c = process.cpuUsage()
  return c.user + c.system
}
function bench(name: string, per: number, n: number, f: () => void) {
  for (let i = 0; i < n / 4; i++) f()
  const a = cpu()
  for (let i = 0; i < n; i++) f()
  console.log(name.padEnd(46), ((cpu() - a) / n / per).toFixed(2), 'us cpu')
}
const cols = `task_run.id, task_run.flow_run_id, task_run.task_key, task_run.tags, task_run.empirical_policy, task_run.run_count, task_run.flow_run_run_count, task_run.start_time, task_run.end_time, task_run.total_run_time, task_run.expected_start_time, task_run.next_scheduled_start_time, parent.id as parent__id, parent.run_count, parent.state_id, parent.state_type, state.id as s1, state.type, state.name, state.timestamp, state.message, state.state_details, state.data, state.result_artifact_id, art.data`
const joins = `from task_run left join task_run_state as state on state.id = task_run.state_id left join artifact as art on art.id = state.result_artifact_id left join flow_run as parent on parent.id = task_run.flow_run_id`
const arr = (sql: string) => {
  const s = db.prepare(sql)
  s.setReturnArrays(true)
  return s
}
const inl = arr(
  `select ${cols} ${joins} where task_run.id in (select unhex(replace(value, '-', '')) from json_each(?))`,
)
bench('load 32 by json list', 32, 300, () => inl.all(texts))
const hexl = arr(`select ${cols} ${joins} where task_run.id in (select unhex(value) from json_each(?))`)
const hexText = texts.replaceAll('-', '')
bench('load 32 by hex json list', 32, 300, () => hexl.all(hexText))
const one = arr(`select ${cols} ${joins} where task_run.id = ?`)
bench('load by id', 32, 300, () => {
  for (const id of ids) one.all(id)
})
bench('load by id, get', 32, 300, () => {
  for (const id of ids) one.get(id)
})
const oneIn = arr(
  `select ${cols} ${joins} where task_run.id in (select unhex(replace(value, '-', '')) from json_each(?))`,
)
const singles = JSON.parse(texts).map((t: string) => JSON.stringify([t]))
bench('load 1 by json list', 32, 300, () => {
  for (const t of singles) oneIn.all(t)
})
const narrow = arr('select run_count from task_run where id = ?')
bench('one column by id', 32, 300, () => {
  for (const id of ids) narrow.get(id)
})
const nojoin = arr('select * from task_run where id = ?')
bench('all of task_run by id', 32, 300, () => {
  for (const id of ids) nojoin.get(id)
})
const upd = db.prepare(
  'update task_run set state_id=?, state_type=?, state_name=?, state_timestamp=?, run_count=?, flow_run_run_count=?, expected_start_time=?, next_scheduled_start_time=?, start_time=?, end_time=?, total_run_time=?, updated=? where id=?',
)
const sid = Buffer.alloc(16, 7)
let t = 1
db.exec('begin immediate')
bench('update', 32, 300, () => {
  for (const id of ids) upd.run(sid, 'RUNNING', 'Running', ++t, 1, 1, 5, null, 6, null, 0, t, id)
})
const upd2 = db.prepare(
  'update task_run set state_id=?, state_type=?, state_name=?, state_timestamp=?, run_count=?, flow_run_run_count=?, next_scheduled_start_time=?, start_time=?, end_time=?, total_run_time=?, updated=? where id=?',
)
bench('update without expected_start_time', 32, 300, () => {
  for (const id of ids) upd2.run(sid, 'RUNNING', 'Running', ++t, 1, 1, null, 6, null, 0, t, id)
})
const ins = db.prepare(
  'insert into task_run_state (id, type, name, timestamp, message, state_details, data, result_artifact_id, task_run_id) values (?,?,?,?,?,?,?,?,?)',
)
let c = 0n
const idOf = () => {
  const b = Buffer.alloc(16)
  b.writeBigUInt64BE(0x0300000000000000n + c++, 0)
  b.writeUInt32BE(Number(c & 0xffffffffn), 12)
  return b
}
bench('insert state', 32, 300, () => {
  for (const id of ids) ins.run(idOf(), 'RUNNING', null, ++t + 1e14, null, null, null, null, id)
})
db.exec('rollback')
const sp = db.prepare('savepoint job'),
  rel = db.prepare('release job')
db.exec('begin immediate')
bench('savepoint+release', 1, 3000, () => {
  sp.run()
  rel.run()
})
db.exec('commit')
bench('begin+commit empty', 1, 1000, () => {
  db.exec('begin immediate')
  db.exec('commit')
})
console.log(
  db
    .prepare(
      'explain query plan ' +
        `select ${cols} ${joins} where task_run.id in (select unhex(replace(value, '-', '')) from json_each(?))`,
    )
    .all(texts)
    .map((r: any) => r.detail),
)
