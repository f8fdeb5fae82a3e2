import { DatabaseSync } from 'node:sqlite'

const uuid = (column: string) => {
  const hex = `lower(hex(${column}))`
  const part = (from: number, length: number) => `substr(${hex}, ${from}, ${length})`
  const text = [part(1, 8), part(9, 4), part(13, 4), part(17, 4), part(21, 12)].join(` || '-' || `)
  return `case when ${column} is not null then ${text} end`
}
const time = (column: string) =>
  `case when ${column} is not null then strftime('%Y-%m-%d %H:%M:%S', ${column} / 1000000, 'unixepoch') || printf('.%06d', ${column} % 1000000) end`
const list = (column: string) => `coalesce(${column}, '[]')`
const object = (column: string) => `coalesce(${column}, '{}')`
const span = (column: string) => time(`cast(round(${column} * 1000000) as integer)`)

const base = { id: uuid('id'), created: time('created'), updated: time('updated') }

const run = {
  ...base,
  name: 'name',
  state_id: uuid('state_id'),
  state_type: 'state_type',
  state_name: 'state_name',
  state_timestamp: time('state_timestamp'),
  run_count: 'run_count',
  expected_start_time: time('expected_start_time'),
  start_time: time('start_time'),
  end_time: time('end_time'),
  total_run_time: span('total_run_time'),
  tags: list('tags'),
}

const RETRIES = `"max_retries": 0, "retry_delay_seconds": 0.0, "retries": null, "retry_delay": null`
const NO_DETAILS = [
  'child_flow_run_id, scheduled_time, cache_key, cache_expiration, deferred=false, untrackable_result=false',
  'pause_timeout, pause_reschedule=false, pause_key, run_input_keyset, refresh_cache, retriable',
  'transition_id, task_parameters_id, traceparent, deployment_concurrency_lease_id',
]
  .join(', ')
  .split(', ')
  .map((entry) => entry.split('='))
  .map(([key, value = 'null']) => `"${key}": ${value}`)
  .join(', ')

const state = (owner: 'flow_run_id' | 'task_run_id') => ({
  id: uuid('id'),
  created: time('timestamp'),
  updated: time('timestamp'),
  type: 'type',
  timestamp: time('timestamp'),
  name: `coalesce(name, upper(substr(type, 1, 1)) || lower(substr(type, 2)))`,
  message: 'message',
  state_details: `'{"${owner}": "' || (${uuid(owner)}) || '", ${NO_DETAILS}}'`,
  [owner]: uuid(owner),
})

/** For each of the reference's tables, its columns as expressions over ours of the same name. */
const TABLES: { [table: string]: { [column: string]: string } } = {
  flow: { ...base, name: 'name', tags: list('tags'), labels: object('labels') },
  flow_run: {
    ...run,
    flow_id: uuid('flow_id'),
    flow_version: 'flow_version',
    parameters: object('parameters'),
    auto_scheduled: 'auto_scheduled',
    empirical_policy: `'{${RETRIES}, "pause_keys": [], "resuming": false, "retry_type": null}'`,
    labels: `'{"prefect.flow.id": "' || (${uuid('flow_id')}) || '"}'`,
  },
  flow_run_state: state('flow_run_id'),
  task_run: {
    ...run,
    task_key: 'task_key',
    dynamic_key: 'dynamic_key',
    task_inputs: object('task_inputs'),
    flow_run_id: uuid('flow_run_id'),
    flow_run_run_count: 'flow_run_run_count',
    empirical_policy: `'{${RETRIES}, "retry_jitter_factor": null}'`,
    labels: `'{"prefect.flow-run.id": "' || (${uuid('flow_run_id')}) || '"}'`,
  },
  task_run_state: state('task_run_id'),
  log: {
    id: uuid('id'),
    created: time('created'),
    updated: time('created'),
    name: 'name',
    level: 'level',
    message: 'message',
    timestamp: time('timestamp'),
    flow_run_id: uuid('flow_run_id'),
    task_run_id: uuid('task_run_id'),
  },
}

/**
 * Copies what one of our SQLite files holds into the file of a reference server that was started once and
 * stopped. Its indexes are made anew after it, which is several times faster.
 */
export function fillReferenceFile(ours: string, theirs: string): void {
  const db = new DatabaseSync(theirs)
  db.exec('pragma foreign_keys = off; pragma synchronous = off; pragma cache_size = -262144')
  db.prepare('attach database ? as ours').run(ours)
  for (const [table, columns] of Object.entries(TABLES)) {
    const indexes = db
      .prepare(
        `select name, sql from main.sqlite_master where type = 'index' and tbl_name = ? and sql is not null`,
      )
      .all(table) as { name: string; sql: string }[]
    const names = Object.keys(columns).join(', ')
    for (const { name } of indexes) db.exec(`drop index main.${name}`)
    db.exec(
      `insert into main.${table} (${names}) select ${Object.values(columns).join(', ')} from ours.${table}`,
    )
    for (const { sql } of indexes) db.exec(sql)
  }
  db.close()
}
