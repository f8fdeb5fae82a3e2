import { DatabaseSync } from 'node:sqlite'
import { rmSync, statSync } from 'node:fs'
import { randomFillSync } from 'node:crypto'
for (const f of ['', '-wal', '-shm']) rmSync('/dev/shm/h8ins.db' + f, { force: true })
const db = new DatabaseSync('/dev/shm/h8ins.db')
db.exec('pragma journal_mode=wal; pragma synchronous=full; pragma cache_size=-65536')
const cols =
  'type text not null, name text, timestamp integer not null, message text, state_details text, data text, result_artifact_id blob, task_run_id blob not null'
db.exec(`create table a (id blob not null primary key, ${cols})`)
db.exec('create unique index ai on a (task_run_id, timestamp)')
db.exec(`create table b (id blob not null primary key, ${cols}) without rowid`)
db.exec('create unique index bi on b (task_run_id, timestamp)')
db.exec(`create table c (id blob not null, ${cols}, primary key (task_run_id, timestamp)) without rowid`)
db.exec('create unique index ci on c (id)')
const cpu = () => {
  const c = process.cpuUsage()
  return c.user + c.system
}
let n = 0n
const id = () => {
  const b = Buffer.alloc(16)
  b.writeBigUInt64BE(0x0190000000000000n + n++, 0)
  randomFillSync(b, 8)
  return b
}
const ids = Array.from({ length: 4000 }, () => randomFillSync(Buffer.alloc(16)))
const st = Object.fromEntries(
  ['a', 'b', 'c'].map((t) => [
    t,
    db.prepare(
      `insert into ${t} (id,type,name,timestamp,message,state_details,data,result_artifact_id,task_run_id) values (?,?,?,?,?,?,?,?,?)`,
    ),
  ]),
)
const sums: any = { a: 0, b: 0, c: 0 }
let k = 0,
  ts = 1
for (let r = 0; r < 300; r++)
  for (const t of ['a', 'b', 'c']) {
    const c = cpu()
    db.exec('begin immediate')
    for (let i = 0; i < 64; i++)
      st[t]!.run(id(), 'RUNNING', null, ts++, null, null, null, null, ids[(r * 64 + i) % 4000]!)
    db.exec('commit')
    if (r > 50) sums[t] += cpu() - c
  }
for (const t of ['a', 'b', 'c']) console.log(t, (sums[t] / 249 / 64).toFixed(2), 'us/insert')
db.exec('pragma wal_checkpoint(truncate)')
for (const t of ['a', 'ai', 'sqlite_autoindex_a_1', 'b', 'bi', 'c', 'ci'])
  console.log(t, (db.prepare('select sum(pgsize) s from dbstat where name = ?').get(t) as any).s / 19200)
