import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { StateType } from '@reeve/schemas/state-type'
import type { Timestamp } from '@reeve/schemas/time'
import type { Session } from '../database/session.ts'
import { cutSpans, finishedInBars, sumsServe } from './finished-task-runs.ts'
import type { Bars } from './finished-task-runs.ts'
import type { Condition } from './filters/condition.ts'
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
  const parts = historyParts(session, table, filters, { start, interval, length }, now)
  const rows = await session.all(
    session.build
      .selectFrom(parts.as('part'))
      .select(({ fn }) => [
        'bar',
        'state_type',
        'state_name',
        fn.sum<number>('runs').as('count_runs'),
        fn.sum<number>('run_time').as('sum_estimated_run_time'),
        fn.sum<number>('lateness').as('sum_estimated_lateness'),
      ])
      .groupBy(['bar', 'state_type', 'state_name'])
      .orderBy('bar')
      .orderBy('state_type')
      .orderBy('state_name'),
  )
  // Sums of runs that have moved on may be left with nothing in them.
  for (const { bar, ...state } of rows) if (state.count_runs > 0) bars[bar]?.states.push(state)
  return bars
}

const IS_OVER: Condition = sql`task_run.state_type in ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED')`
const IS_UNDER_WAY: Condition = sql`task_run.state_type in ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING')`
const HAS_NO_STATE: Condition = sql`task_run.state_type is null`

/**
 * What the bars are added up from. Of all task runs, those that are over come from sums of two minutes each;
 * they are themselves read only where such a sum reaches into two bars.
 */
function historyParts(
  session: Session,
  table: 'flow_run' | 'task_run',
  filters: RunFilters,
  bars: Bars,
  now: Timestamp,
) {
  const expectedIn = (from: RawBuilder<number>, to: RawBuilder<number>): Condition => {
    const expected = sql.ref<number>(`${table}.expected_start_time`)
    return sql`${expected} >= ${from} and ${expected} < ${to}`
  }
  const all = expectedIn(micros(bars.start), micros(bars.start + bars.length * bars.interval))
  const columns = partOf(table, bars, now)
  const runs = (condition: Condition) => session.build.selectFrom(table).select(columns).where(condition)
  if (table === 'flow_run') return runs(flowRunMatches(session, filters)).where(all)
  if (Object.values(filters).some(Boolean) || !sumsServe(bars)) {
    return runs(taskRunMatches(session, filters)).where(all)
  }
  // SQLite takes the tables of a cross join in their order.
  const inCutSpans = session.build
    .selectFrom(cutSpans(session, bars).as('cut'))
    .crossJoin('task_run')
    .select(columns)
    .where(IS_OVER)
    .where(expectedIn(sql.ref('cut.since'), sql.ref('cut.until')))
  return finishedInBars(session, bars)
    .unionAll(inCutSpans)
    .unionAll(runs(IS_UNDER_WAY).where(all))
    .unionAll(runs(HAS_NO_STATE).where(all))
}

/** A run as a part of its bar. */
function partOf(table: 'flow_run' | 'task_run', { start, interval }: Bars, now: Timestamp) {
  const expected = sql.ref<number>(`${table}.expected_start_time`)
  return [
    sql<number>`(${expected} - ${micros(start)}) / ${micros(interval)}`.as('bar'),
    sql.ref<StateType | null>(`${table}.state_type`).as('state_type'),
    sql.ref<string | null>(`${table}.state_name`).as('state_name'),
    sql.lit(1).as('runs'),
    estimatedRunTime(table, now).as('run_time'),
    estimatedLateness(table, now).as('lateness'),
  ] as const
}
