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
const counts = (row: string, runs: number) => [
  `'start_time', ${hour(`${row}.start_time`)}, coalesce(${row}.state_type, ''), ${runs}`,
  `'expected_start_time', ${hour(`${row}.expected_start_time`)}, '', ${runs}`,
]
const COLUMNS = '(measure, hour, state_type, runs)'

const filled = (measure: 'start_time' | 'expected_start_time', type: string) =>
  `insert into task_run_tally ${COLUMNS} select '${measure}', ${hour(measure)}, ${type}, count(*) from task_run group by 2, 3`

/** On SQLite, for each row. */
const add = (values: string) =>
  `insert into task_run_tally ${COLUMNS} values (${values}) on conflict (measure, hour, state_type) do update set runs = runs + excluded.runs;`
const addAll = (row: 'new' | 'old', runs: number) => counts(row, runs).map(add).join(' ')

/** On PostgreSQL, for each statement: what its rows add, less what those before them did. */
const appended = (...rows: { table: string; runs: number }[]) => {
  const parts = rows.flatMap(({ table, runs }) =>
    counts(table, runs).map((values) => `select ${values} from ${table}`),
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
      sqlite: `create table task_run_tally (measure text not null, hour integer not null, state_type text not null, runs integer not null,
        primary key (measure, hour, state_type)) without rowid, strict`,
      postgres: `create table task_run_tally (measure text not null, hour integer not null, state_type text not null, runs bigint not null)`,
    },
    { postgres: `create index task_run_tally_hour on task_run_tally (measure, hour, state_type)` },
    filled('start_time', `coalesce(state_type, '')`),
    filled('expected_start_time', `''`),
    { sqlite: `create trigger task_run_tally_insert after insert on task_run begin ${addAll('new', 1)} end` },
    {
      sqlite: `create trigger task_run_tally_delete after delete on task_run begin ${addAll('old', -1)} end`,
    },
    {
      sqlite: `create trigger task_run_tally_update after update of state_type, start_time, expected_start_time on task_run
        when new.state_type is not old.state_type or new.start_time is not old.start_time or new.expected_start_time is not old.expected_start_time
        begin ${addAll('old', -1)} ${addAll('new', 1)} end`,
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
