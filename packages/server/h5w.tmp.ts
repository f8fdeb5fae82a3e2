import { openDatabase } from '/work/main/packages/server/src/database/open.ts'
import { insertRows, updateRows } from '/work/main/packages/server/src/database/bulk.ts'
import { taskRunRow, flowRow, flowRunRow } from '/work/main/packages/server/tests/helpers/run-rows.ts'
const SETS: { [k: string]: string[] } = {
  base: [],
  start: [`create index x1 on task_run (start_time) where start_time is not null`],
  failed: [`create index x2 on task_run (start_time) where state_type in ('FAILED','CRASHED')`],
  rare: [`create index x3 on task_run (state_type, expected_start_time) where state_type <> 'COMPLETED'`],
  state: [`create index x4 on task_run (state_type, expected_start_time)`],
  end: [`create index x5 on task_run (end_time) where end_time is not null`],
}
SETS.startfailed = [...SETS.start!, ...SETS.failed!]
SETS.startrare = [...SETS.start!, ...SETS.rare!]
SETS.startrareend = [...SETS.start!, ...SETS.rare!, ...SETS.end!]
SETS.startstate = [...SETS.start!, ...SETS.state!]
SETS.all = [...SETS.start!, ...SETS.state!, ...SETS.end!]
const MOVED = ['state_id', 'state_type', 'state_name', 'state_timestamp', 'run_count', 'flow_run_run_count', 'expected_start_time', 'next_scheduled_start_time', 'start_time', 'end_time', 'total_run_time', 'updated'] as const
const N = Number(process.argv[4] ?? 60000), B = 200
for (const name of (process.argv[3] ?? Object.keys(SETS).join(',')).split(',')) {
  let url = process.argv[2]!
  if (url.startsWith('postgres')) {
    const { default: pg } = await import('/work/main/node_modules/pg/lib/index.js')
    const c = new pg.Client({ connectionString: url }); await c.connect()
    await c.query(`drop database if exists w_${name}`); await c.query(`create database w_${name}`); await c.end()
    url = url.replace(/\/postgres$/, `/w_${name}`)
  } else { const fs = await import('node:fs'); for (const s of ['', '-wal', '-shm']) fs.rmSync(url + s, { force: true }) }
  const db = await openDatabase(url)
  for (const sql of SETS[name]!) await db.write((s) => s.execute({ sql, parameters: [] }))
  const flow = flowRow(), run = flowRunRow({ flow_id: flow.id })
  await db.write(async (s) => { await insertRows(s, 'flow', [flow]); await insertRows(s, 'flow_run', [run]) })
  let t = 1_767_225_600_000_000
  const start = process.cpuUsage(); const p0 = pgcpu()
  for (let a = 0; a < N; a += B) {
    const rows = Array.from({ length: B }, (_, i) => taskRunRow({ id: crypto.randomUUID(), flow_run_id: run.id, dynamic_key: String(a + i), state_type: 'PENDING', state_name: 'Pending', state_id: crypto.randomUUID(), state_timestamp: t, expected_start_time: t++ }))
    await db.write((s) => insertRows(s, 'task_run', rows))
    for (const r of rows) Object.assign(r, { state_type: 'RUNNING', state_name: 'Running', state_id: crypto.randomUUID(), state_timestamp: t, start_time: t++, updated: t, run_count: 1 })
    await db.write((s) => updateRows(s, 'task_run', MOVED, rows))
    for (const r of rows) Object.assign(r, { state_type: 'COMPLETED', state_name: 'Completed', state_id: crypto.randomUUID(), state_timestamp: t, end_time: t++, updated: t, total_run_time: 1 })
    await db.write((s) => updateRows(s, 'task_run', MOVED, rows))
  }
  const u = process.cpuUsage(start); const ms = (u.user + u.system) / 1000
  console.log(name.padEnd(14), (ms * 1000 / N).toFixed(1), 'µs a run of three writes')
  if (db.dialect === 'postgres') { const r: any = await db.read((s) => s.execute({ sql: `select n_tup_upd, n_tup_hot_upd from pg_stat_user_tables where relname='task_run'`, parameters: [] })); console.log('   ', JSON.stringify(r.rows[0])) }
  await db.close()
  await new Promise(r => setTimeout(r, 1500))
  if (process.argv[5]) console.log('    postgres cpu µs a run', ((pgcpu() - p0) * 10000 / N).toFixed(1))
}

import { readFileSync } from 'node:fs'
function pgcpu() { if (!process.argv[5]) return 0; const f = readFileSync(`/proc/${process.argv[5]}/stat`, 'utf8').split(') ')[1]!.split(' '); return [11,12,13,14].reduce((a, i) => a + Number(f[i]), 0) }
