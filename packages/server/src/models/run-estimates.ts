import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Timestamp } from '@reeve/schemas/time'

type RunTable = 'flow_run' | 'task_run'

/** Seconds run so far, a running attempt included; never negative. */
export function estimatedRunTime(table: RunTable, now: Timestamp): RawBuilder<number> {
  const at = (column: string) => sql.ref(`${table}.${column}`)
  return sql<number>`case
    when ${at('state_type')} = 'RUNNING' and ${at('state_timestamp')} < ${micros(now)}
      then ${at('total_run_time')} + ${seconds(sql`${micros(now)} - ${at('state_timestamp')}`)}
    else ${at('total_run_time')} end`
}

/** Seconds by which the run started late, or is late already; 0 for one that has no state. */
export function estimatedLateness(table: RunTable, now: Timestamp): RawBuilder<number> {
  const at = (column: string) => sql.ref(`${table}.${column}`)
  return sql<number>`case
    when ${at('start_time')} > ${at('expected_start_time')}
      then ${seconds(sql`${at('start_time')} - ${at('expected_start_time')}`)}
    when ${at('start_time')} is null and ${at('expected_start_time')} < ${micros(now)}
        and ${at('state_type')} not in ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED')
      then ${seconds(sql`${micros(now)} - ${at('expected_start_time')}`)}
    else 0 end`
}

/** A number of microseconds as a parameter with which both databases reckon in whole numbers. */
export function micros(value: number): RawBuilder<number> {
  return sql<number>`cast(${value} as bigint)`
}

function seconds(span: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`cast(${span} as double precision) / 1000000`
}
