import type { Migration } from './index.ts'

/**
 * `task_run_tally` counts the task runs of each hour, by the hour of their start and their state, and by
 * the hour of their expected start. Triggers keep it, so that no way of writing can forget it. SQLite has a
 * row for each count; on PostgreSQL each statement appends what it changed, so that replicas never wait for
 * each other, and a service adds the rows up.
 */
const NO_HOUR = -1_000_000_000
const HOUR = 3_600_000_000

const hour = (time: string) =>
  `coalesce((${time} - ((${time} % ${HOUR}) + ${HOUR}) % ${HOUR}) / ${HOUR}, ${NO_HOUR})`
/** What a row counts under: a measure, an hour and a type, as SQL. */
type Key = readonly [string, string, string]
const started = (row: string): Key => [
  `'start_time'`,
  hour(`${row}.start_time`),
  `coalesce(${row}.state_type, '')`,
]
const expected = (row: string): Key => [`'expected_start_time'`, hour(`${row}.expected_start_time`), `''`]
const COLUMNS = '(measure, hour, state_type, runs)'

const filled = (measure: 'start_time' | 'expected_start_time', type: string) =>
  `insert into task_run_tally ${COLUMNS} select '${measure}', ${hour(measure)}, ${type}, count(*) from task_run group by 2, 3`

/**
 * On SQLite, for each row. None of it can fail, and the table is not strict: SQLite would otherwise keep a
 * journal for every statement that moves a run.
 */
const change = ([measure, hours, type]: Key, runs: number) =>
  `update task_run_tally set runs = runs + ${runs} where measure = ${measure} and hour = ${hours} and state_type = ${type};`
const less = (key: Key) => change(key, -1)
const more = (key: Key) =>
  `insert or ignore into task_run_tally ${COLUMNS} values (${key.join(', ')}, 0); ${change(key, 1)}`

/** On PostgreSQL, for each statement: what its rows add, less what those before them did. */
const appended = (...rows: { table: string; runs: number }[]) => {
  const parts = rows.flatMap(({ table, runs }) =>
    [started(table), expected(table)].map((key) => `select ${key.join(', ')}, ${runs} from ${table}`),
  )
  return `insert into task_run_tally ${COLUMNS}
    select measure, hour, state_type, sum(runs) from (${parts.join(' union all ')}) as change ${COLUMNS}
    group by measure, hour, state_type having sum(runs) <> 0`
}
const trigger = (event: 'insert' | 'update' | 'delete', tables: string, sql: string) => [
  {
    postgres: `create function task_run_tally_${event}() returns trigger language plpgsql as $$ begin ${sql}; return null; end $$`,
  },
  {
    postgres: `create trigger task_run_tally_${event} after ${event} on task_run referencing ${tables} for each statement execute function task_run_tally_${event}()`,
  },
]

export const taskRunTally: Migration = {
  version: 3,
  name: 'task-run-tally',
  statements: [
    `drop index task_run_start_time`,
    `create index task_run_start_time on task_run (start_time, state_type) where start_time is not null`,
    `create index task_run_next_scheduled on task_run (next_scheduled_start_time, id) where next_scheduled_start_time is not null`,
    {
      sqlite: `create table task_run_tally (measure text not null, hour integer not null, state_type text not null, runs integer,
        primary key (measure, hour, state_type)) without rowid`,
      postgres: `create table task_run_tally (measure text not null, hour integer not null, state_type text not null, runs bigint not null)`,
    },
    { postgres: `create index task_run_tally_hour on task_run_tally (measure, hour, state_type)` },
    filled('start_time', `coalesce(state_type, '')`),
    filled('expected_start_time', `''`),
    {
      sqlite: `create trigger task_run_tally_insert after insert on task_run begin ${more(started('new'))} ${more(expected('new'))} end`,
    },
    {
      sqlite: `create trigger task_run_tally_delete after delete on task_run begin ${less(started('old'))} ${less(expected('old'))} end`,
    },
    {
      sqlite: `create trigger task_run_tally_started after update of state_type, start_time on task_run
        when new.state_type is not old.state_type or new.start_time is not old.start_time
        begin ${less(started('old'))} ${more(started('new'))} end`,
    },
    {
      sqlite: `create trigger task_run_tally_expected after update of expected_start_time on task_run
        when new.expected_start_time is not old.expected_start_time
        begin ${less(expected('old'))} ${more(expected('new'))} end`,
    },
    ...trigger('insert', 'new table as added', appended({ table: 'added', runs: 1 })),
    ...trigger('delete', 'old table as removed', appended({ table: 'removed', runs: -1 })),
    ...trigger(
      'update',
      'old table as removed new table as added',
      appended({ table: 'removed', runs: -1 }, { table: 'added', runs: 1 }),
    ),
  ],
}
