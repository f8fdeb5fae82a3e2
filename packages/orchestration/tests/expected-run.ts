import { isTerminal } from '@reeve/schemas/state-type'
import { parseTimestamp } from '@reeve/schemas/time'
import type { Timestamp } from '@reeve/schemas/time'
import type { Client, RunTimes, State } from '../src/types.ts'

/** A state that was written, and who asked for it. */
export interface Written {
  state: State
  client: Client
}

/** The times of a run as its history alone tells them, told apart from the engine on purpose. */
export function expectedTimes(history: readonly Written[]): Omit<RunTimes, 'run_count'> {
  const states = history.map(({ state }) => state)
  const last = states.at(-1)
  const first = history.findIndex((written) => startsRun(written))
  return {
    start_time: states[first]?.timestamp ?? null,
    end_time: endOf(history, first),
    total_run_time: states.reduce(
      (total, state, index) => total + secondsRunning(states[index - 1], state),
      0,
    ),
    expected_start_time: states[0] ? (scheduledTime(states[0]) ?? states[0].timestamp) : null,
    next_scheduled_start_time: last ? scheduledTime(last) : null,
  }
}

function startsRun({ state, client }: Written): boolean {
  return state.type === 'RUNNING' || (client.generation === '3.8' && isTerminal(state.type))
}

/** The first state of the unbroken row of ends at the end of the history, once the run has started. */
function endOf(history: readonly Written[], first: number): Timestamp | null {
  const open = history.findLastIndex(({ state }) => !isTerminal(state.type))
  const ends = history.slice(open + 1)
  if (first < 0) return null
  return ends.find((_, index) => open + 1 + index >= first)?.state.timestamp ?? null
}

function secondsRunning(before: State | undefined, after: State): number {
  return before?.type === 'RUNNING' ? (after.timestamp - before.timestamp) / 1e6 : 0
}

function scheduledTime(state: State): Timestamp | null {
  if (state.type !== 'SCHEDULED') return null
  return parseTimestamp(state.state_details.scheduled_time ?? '') ?? null
}
