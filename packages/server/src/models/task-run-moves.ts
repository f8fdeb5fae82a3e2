import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'

/** What some of the moves add to the sums. */
export interface SummedMoves {
  /** How many they are: the oldest. */
  moves: number
  /** The `rowid` of the newest of them. */
  last: number
  tally: Row<'task_run_tally'>[]
  finished: Row<'task_run_finished'>[]
}

const FIRST = `select 1 from task_run_move limit 1`
const OLDEST = `select count(*) as moves, max(move) as last from (select rowid as move from task_run_move order by rowid limit ?)`
const tallied = (measure: string) => `select '${measure}' as measure, hour, state_type, sum(runs) as runs
  from task_run_tally_move where measure = '${measure}' and move <= ?
  group by hour, state_type having sum(runs) <> 0`
const FINISHED = `select span, state_type, state_name, sum(runs) as runs, sum(run_time) as run_time, sum(lateness) as lateness
  from task_run_finished_move where move <= ? group by span, state_type, state_name
  having sum(runs) <> 0 or sum(run_time) <> 0 or sum(lateness) <> 0`

const ADD_TALLY = `insert into task_run_tally_sum (measure, hour, state_type, runs) values (?, ?, ?, ?)
  on conflict do update set runs = runs + excluded.runs`
const ADD_FINISHED = `insert into task_run_finished_sum (span, state_type, state_name, runs, run_time, lateness)
  values (?, ?, ?, ?, ?, ?) on conflict do update set runs = runs + excluded.runs,
  run_time = run_time + excluded.run_time, lateness = lateness + excluded.lateness`
const DELETE = `delete from task_run_move where rowid <= ?`

/** Whether there are moves of task runs that are not in the sums yet, which happens on SQLite alone. */
export async function hasMoves(session: Session): Promise<boolean> {
  return (await session.execute({ sql: FIRST, parameters: [] })).rows.length > 0
}

/** Sums up the oldest moves, at most so many. Only reads, and finds the same as long as they are there. */
export async function sumMoves(session: Session, most: number): Promise<SummedMoves> {
  const query = async <R>(sql: string, parameter: number) =>
    (await session.execute<R>({ sql, parameters: [parameter] })).rows
  const [oldest] = await query<{ moves: number; last: number | null }>(OLDEST, most)
  const { moves = 0, last } = oldest ?? {}
  if (last == null) return { moves: 0, last: 0, tally: [], finished: [] }
  const started = await query<Row<'task_run_tally'>>(tallied('start_time'), last)
  const expected = await query<Row<'task_run_tally'>>(tallied('expected_start_time'), last)
  const finished = await query<Row<'task_run_finished'>>(FINISHED, last)
  return { moves, last, tally: [...started, ...expected], finished }
}

/** Adds them to the sums, and deletes the moves. Two of these must not overlap. */
export async function addMoves(
  session: Session,
  { moves, last, tally, finished }: SummedMoves,
): Promise<void> {
  await session.executeEach(
    ADD_TALLY,
    tally.map(({ measure, hour, state_type, runs }) => [measure, hour, state_type, runs]),
  )
  await session.executeEach(
    ADD_FINISHED,
    finished.map((sum) => [sum.span, sum.state_type, sum.state_name, sum.runs, sum.run_time, sum.lateness]),
  )
  const [deleted] = await session.executeEach(DELETE, [[last]])
  if (deleted !== moves) throw new Error(`${deleted} moves of task runs were added up as ${moves}`)
}
