import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { StateType } from '@reeve/schemas/state-type'
import type { Session } from '../database/session.ts'
import { micros } from './run-estimates.ts'

/** What a row of `task_run_finished` adds up, in microseconds of the expected start. */
const SPAN = 120_000_000

/** Bars of equal length, in microseconds. */
export interface Bars {
  start: number
  interval: number
  length: number
}

/** Whether most of each bar is made of whole sums. */
export function sumsServe({ interval }: Bars): boolean {
  return interval >= 4 * SPAN
}

/** The sums that lie whole in one of the bars; durations in seconds. */
export function finishedInBars(session: Session, { start, interval, length }: Bars) {
  const since = sql`task_run_finished.span * ${micros(SPAN)} - ${micros(start)}`
  const bar = sql<number>`(${since}) / ${micros(interval)}`
  return session.build
    .selectFrom('task_run_finished')
    .select([
      bar.as('bar'),
      sql.ref<StateType | null>('task_run_finished.state_type').as('state_type'),
      sql<string | null>`nullif(task_run_finished.state_name, '')`.as('state_name'),
      'task_run_finished.runs',
      seconds('task_run_finished.run_time').as('run_time'),
      seconds('task_run_finished.lateness').as('lateness'),
    ])
    .where(sql<boolean>`task_run_finished.span >= ${micros(Math.ceil(start / SPAN))}`)
    .where(sql<boolean>`task_run_finished.span < ${micros(Math.floor((start + length * interval) / SPAN))}`)
    .where(sql<boolean>`${bar} = (${since} + ${micros(SPAN - 1)}) / ${micros(interval)}`)
}

/** What of the bars no whole sum covers, as a table of stretches from `since` to before `until`. */
export function cutSpans(session: Session, { start, interval, length }: Bars) {
  const end = start + length * interval
  const stretches: [since: number, until: number][] = []
  for (let at = start; at <= end; at += interval) {
    const since = Math.floor(at / SPAN) * SPAN
    if (since !== at) stretches.push([Math.max(since, start), Math.min(since + SPAN, end)])
  }
  if (session.dialect === 'sqlite') {
    return sql<{ since: number; until: number }>`
      (select value ->> 0 as since, value ->> 1 as until from json_each(${JSON.stringify(stretches)}))`
  }
  const [since, until] = [0, 1].map((index) => stretches.map((stretch) => stretch[index]))
  return sql<{ since: number; until: number }>`
    (select * from unnest(${since}::bigint[], ${until}::bigint[]) as stretch (since, until))`
}

function seconds(column: string): RawBuilder<number> {
  return sql<number>`cast(${sql.ref(column)} as double precision) / 1000000`
}
