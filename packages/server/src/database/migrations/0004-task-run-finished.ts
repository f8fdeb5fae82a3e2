import type { Migration } from './index.ts'

/**
 * `task_run_finished` adds up the task runs that are over, by the two minutes in which they were expected to
 * start and by their state: histories come from it. A run enters it once, when it ends, so that it costs
 * the states before nothing. It is kept as `task_run_tally` is. The index of the expected start gets the name,
 * so that a search by name among the newest runs reads nothing else.
 */
const NO_SPAN = -1_000_000_000
const SPAN = 120_000_000
const TERMINAL = `('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED')`
const COLUMNS = '(span, state_type, state_name, runs, run_time, lateness)'

const span = (row: string) =>
  `coalesce((${row}.expected_start_time - ((${row}.expected_start_time % ${SPAN}) + ${SPAN}) % ${SPAN}) / ${SPAN}, ${NO_SPAN})`
const runTime = (row: string) => `cast(round(${row}.total_run_time * 1000000) as bigint)`
const lateness = (row: string) =>
  `case when ${row}.start_time > ${row}.expected_start_time then ${row}.start_time - ${row}.expected_start_time else 0 end`
const key = (row: string) => `${span(row)}, ${row}.state_type, coalesce(${row}.state_name, '')`

const isOver = (row: string) => `${row}.state_type in ${TERMINAL}`

/** On SQLite, for each row; see migration 3 for why it is written so. */
const change = (row: string, sign: '+' | '-') =>
  `update task_run_finished set runs = runs ${sign} 1, run_time = run_time ${sign} ${runTime(row)}, lateness = lateness ${sign} ${lateness(row)}
    where span = ${span(row)} and state_type = ${row}.state_type and state_name = coalesce(${row}.state_name, '');`
const more = `insert or ignore into task_run_finished ${COLUMNS} values (${key('new')}, 0, 0, 0); ${change('new', '+')}`
const less = change('old', '-')
const MOVES = 'update of state_type, state_name, expected_start_time, start_time, total_run_time'

/** On PostgreSQL, for each statement. */
const summed = (...rows: { table: string; sign: '+' | '-' }[]) => {
  const parts = rows.map(
    ({ table, sign }) =>
      `select ${key(table)}, ${sign}1, ${sign}${runTime(table)}, ${sign}${lateness(table)} from ${table} where ${isOver(table)}`,
  )
  return `insert into task_run_finished ${COLUMNS}
    select span, state_type, state_name, sum(runs), sum(run_time), sum(lateness) from (${parts.join(' union all ')}) as change ${COLUMNS}
    group by span, state_type, state_name
    having sum(runs) <> 0 or sum(run_time) <> 0 or sum(lateness) <> 0`
}
const trigger = (event: 'insert' | 'update' | 'delete', tables: string, sql: string) => [
  {
    postgres: `create function task_run_finished_${event}() returns trigger language plpgsql as $$ begin ${sql}; return null; end $$`,
  },
  {
    postgres: `create trigger task_run_finished_${event} after ${event} on task_run referencing ${tables} for each statement execute function task_run_finished_${event}()`,
  },
]
const sqliteTrigger = (name: string, event: string, row: 'old' | 'new', sql: string) => ({
  sqlite: `create trigger task_run_finished_${name} after ${event} on task_run when ${isOver(row)} begin ${sql} end`,
})

export const taskRunFinished: Migration = {
  version: 4,
  name: 'task-run-finished',
  statements: [
    `drop index task_run_expected_start_time`,
    {
      sqlite: `create index task_run_expected_start_time on task_run (expected_start_time, id, name)`,
      postgres: `create index task_run_expected_start_time on task_run (expected_start_time, id) include (name)`,
    },
    {
      sqlite: `create table task_run_finished (span integer not null, state_type text not null, state_name text not null,
        runs integer, run_time integer, lateness integer, primary key (span, state_type, state_name)) without rowid`,
      postgres: `create table task_run_finished (span integer not null, state_type text not null, state_name text not null,
        runs bigint not null, run_time bigint not null, lateness bigint not null)`,
    },
    { postgres: `create index task_run_finished_span on task_run_finished (span, state_type, state_name)` },
    `insert into task_run_finished ${COLUMNS}
      select ${key('task_run')}, count(*), sum(${runTime('task_run')}), sum(${lateness('task_run')})
      from task_run where ${isOver('task_run')} group by 1, 2, 3`,
    sqliteTrigger('insert', 'insert', 'new', more),
    sqliteTrigger('delete', 'delete', 'old', less),
    sqliteTrigger('entered', MOVES, 'new', more),
    sqliteTrigger('left', MOVES, 'old', less),
    ...trigger('insert', 'new table as added', summed({ table: 'added', sign: '+' })),
    ...trigger('delete', 'old table as removed', summed({ table: 'removed', sign: '-' })),
    ...trigger(
      'update',
      'old table as removed new table as added',
      summed({ table: 'removed', sign: '-' }, { table: 'added', sign: '+' }),
    ),
  ],
}
