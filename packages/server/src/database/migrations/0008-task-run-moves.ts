import type { Migration } from './index.ts'

/**
 * On SQLite, `task_run_tally` and `task_run_finished` become views: sums, and what `task_run_move` adds to them.
 * Triggers append to that what a task run was and is, which costs a statement a third of keeping two tables of
 * sums; a service adds the moves up. PostgreSQL's statements append already.
 */
const NOWHERE = -1_000_000_000
const HOUR = 3_600_000_000
const SPAN = 120_000_000
const TERMINAL = `('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED')`
const MOVING = ['start_time', 'expected_start_time', 'state_type', 'state_name', 'total_run_time']

/** `sign`: 1 for what runs are, -1 for what they were. */
interface Side {
  sign: 1 | -1
  prefix: '' | 'was_'
  /** A move that has this side: `kind` is 1 where a run was made, -1 where it was deleted, else 0. */
  is: string
}
const SIDES: readonly Side[] = [
  { sign: 1, prefix: '', is: 'kind >= 0' },
  { sign: -1, prefix: 'was_', is: 'kind <= 0' },
]

const columns = (prefix: string) => MOVING.map((name) => prefix + name).join(', ')
const integer = (expression: string | number) => `cast(${expression} as integer)`
const text = (expression: string) => `cast(${expression} as text)`
const floor = (time: string, unit: number) =>
  integer(`coalesce((${time} - (${time} < 0) * ${unit - 1}) / ${unit}, ${NOWHERE})`)

const started = ({ sign, prefix, is }: Side) =>
  `select rowid as move, ${floor(`${prefix}start_time`, HOUR)} as hour,
    ${text(`coalesce(${prefix}state_type, '')`)} as state_type, ${integer(sign)} as runs from task_run_move where ${is}`
const expected = ({ sign, prefix, is }: Side) =>
  `select rowid as move, ${floor(`${prefix}expected_start_time`, HOUR)} as hour,
    ${text(`''`)} as state_type, ${integer(sign)} as runs from task_run_move
    where ${is} and (kind <> 0 or expected_start_time is not was_expected_start_time)`
const finished = ({ sign, prefix, is }: Side) =>
  `select rowid as move, ${floor(`${prefix}expected_start_time`, SPAN)} as span,
    ${text(`${prefix}state_type`)} as state_type, ${text(`coalesce(${prefix}state_name, '')`)} as state_name,
    ${integer(sign)} as runs, ${integer(`${sign} * round(${prefix}total_run_time * 1000000)`)} as run_time,
    ${integer(`${sign} * case when ${prefix}start_time > ${prefix}expected_start_time
      then ${prefix}start_time - ${prefix}expected_start_time else 0 end`)} as lateness
    from task_run_move where ${is} and ${prefix}state_type in ${TERMINAL}`

const TALLY = 'hour, state_type, runs'
const FINISHED = 'span, state_type, state_name, runs, run_time, lateness'
const tallied = (first: string, limit: string) =>
  Object.entries({ start_time: started, expected_start_time: expected }).flatMap(([measure, side]) =>
    SIDES.map(
      (which) => `select ${first}${text(`'${measure}'`)} as measure, ${TALLY} from (${side(which)}${limit})`,
    ),
  )
const ended = (first: string, limit: string) =>
  SIDES.map((which) => `select ${first}${FINISHED} from (${finished(which)}${limit})`)

/** What the moves add; the parts of it are found by `move`. */
const added = (table: string, parts: typeof tallied) =>
  `create view ${table}_move as ${parts('move, ', '').join(' union all ')}`
/**
 * The sums, and what the moves add. SQLite puts queries into a union instead of reading it row by row if the
 * types of columns are the same in all parts; the limit keeps it from computing a column again at each mention.
 */
const summed = (table: string, columnsOfSums: string, parts: typeof tallied) =>
  `create view ${table} as ${[`select ${columnsOfSums} from ${table}_sum`, ...parts('', ' limit -1')].join(' union all ')}`

const OLD_TRIGGERS = [
  ...['insert', 'delete', 'started', 'expected'].map((name) => `task_run_tally_${name}`),
  ...['insert', 'delete', 'entered', 'left'].map((name) => `task_run_finished_${name}`),
]

const STATEMENTS = [
  ...OLD_TRIGGERS.map((name) => `drop trigger ${name}`),
  `alter table task_run_tally rename to task_run_tally_sum`,
  `alter table task_run_finished rename to task_run_finished_sum`,
  // Without types and constraints nothing can fail, for which SQLite would keep a journal of each statement.
  `create table task_run_move (kind, ${columns('was_')}, ${columns('')})`,
  added('task_run_tally', tallied),
  added('task_run_finished', ended),
  summed('task_run_tally', `measure, ${TALLY}`, tallied),
  summed('task_run_finished', FINISHED, ended),
  `create trigger task_run_made after insert on task_run begin
    insert into task_run_move (kind, ${columns('')}) values (1, ${columns('new.')}); end`,
  `create trigger task_run_moved after update of ${MOVING.join(', ')} on task_run begin
    insert into task_run_move values (0, ${columns('old.')}, ${columns('new.')}); end`,
  `create trigger task_run_deleted after delete on task_run begin
    insert into task_run_move (kind, ${columns('was_')}) values (-1, ${columns('old.')}); end`,
]

export const taskRunMoves: Migration = {
  version: 8,
  name: 'task-run-moves',
  statements: STATEMENTS.map((sqlite) => ({ sqlite })),
}
