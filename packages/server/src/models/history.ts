import { sql } from 'kysely'
import type { StateType } from '@reeve/schemas/state-type'
import type { Timestamp } from '@reeve/schemas/time'
import type { Session } from '../database/session.ts'
import { flowRunMatches, taskRunMatches } from './filters/run-filters.ts'
import type { RunFilters } from './filters/run-filters.ts'
import { estimatedLateness, estimatedRunTime, micros } from './run-estimates.ts'

const MICROSECONDS = 1_000_000
const MOST_BARS = 500

export interface HistoryState {
  state_type: StateType | null
  state_name: string | null
  count_runs: number
  /** seconds, as are all durations here */
  sum_estimated_run_time: number
  sum_estimated_lateness: number
}

export interface HistoryBar {
  interval_start: Timestamp
  interval_end: Timestamp
  states: HistoryState[]
}

export interface HistorySpan {
  start: Timestamp
  end: Timestamp
  /** At least a second. */
  intervalSeconds: number
}

/**
 * The matching runs, counted by the state they are in now, in bars of equal length from `start` on: a run
 * is in the bar of its expected start. The last bar may reach past `end`; there are at most 500.
 */
export async function readRunHistory(
  session: Session,
  table: 'flow_run' | 'task_run',
  filters: RunFilters,
  { start, end, intervalSeconds }: HistorySpan,
  now: Timestamp,
): Promise<HistoryBar[]> {
  const interval = Math.round(intervalSeconds * MICROSECONDS)
  const length = Math.min(MOST_BARS, Math.max(0, Math.ceil((end - start) / interval)))
  if (length === 0) return []
  const bars = Array.from({ length }, (_, index): HistoryBar => {
    const interval_start = start + index * interval
    return { interval_start, interval_end: interval_start + interval, states: [] }
  })
  const expected = sql.ref<number>(`${table}.expected_start_time`)
  const counted = session.build
    .selectFrom(table)
    .select([
      sql<number>`(${expected} - ${micros(start)}) / ${micros(interval)}`.as('bar'),
      sql.ref<StateType | null>(`${table}.state_type`).as('state_type'),
      sql.ref<string | null>(`${table}.state_name`).as('state_name'),
      estimatedRunTime(table, now).as('run_time'),
      estimatedLateness(table, now).as('lateness'),
    ])
    .where(table === 'flow_run' ? flowRunMatches(session, filters) : taskRunMatches(session, filters))
    .where(sql<boolean>`${expected} >= ${micros(start)}`)
    .where(sql<boolean>`${expected} < ${micros(start + length * interval)}`)
  const rows = await session.all(
    session.build
      .selectFrom(counted.as('counted'))
      .select(({ fn }) => [
        'bar',
        'state_type',
        'state_name',
        fn.countAll<number>().as('count_runs'),
        fn.sum<number>('run_time').as('sum_estimated_run_time'),
        fn.sum<number>('lateness').as('sum_estimated_lateness'),
      ])
      .groupBy(['bar', 'state_type', 'state_name'])
      .orderBy('bar')
      .orderBy('state_type')
      .orderBy('state_name'),
  )
  for (const { bar, ...state } of rows) bars[bar]?.states.push(state)
  return bars
}
