import { isTerminal } from '@reeve/schemas/state-type'
import type { StateType } from '@reeve/schemas/state-type'
import type { Timestamp } from '@reeve/schemas/time'
import type { Row } from '../../database/tables.ts'

type Times = Pick<
  Row<'task_run'>,
  'total_run_time' | 'state_type' | 'state_timestamp' | 'start_time' | 'expected_start_time'
>

const SECOND = 1_000_000

/** Seconds run so far, a running attempt included. */
export function estimatedRunTime(run: Times, now: Timestamp): number {
  if (run.state_type !== 'RUNNING' || run.state_timestamp === null) return run.total_run_time
  return run.total_run_time + (now - run.state_timestamp) / SECOND
}

/** Seconds by which the run started late, or is late already. */
export function estimatedStartTimeDelta(run: Times, now: Timestamp): number {
  const { expected_start_time: expected, start_time: start } = run
  if (expected === null) return 0
  if (start !== null) return start > expected ? (start - expected) / SECOND : 0
  const over = run.state_type !== null && isTerminal(run.state_type as StateType)
  return expected < now && !over ? (now - expected) / SECOND : 0
}
