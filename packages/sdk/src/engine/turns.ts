import { OLDEST_START_SECONDS } from '@reeve/schemas/pipeline'

/** A function that holds the process for longer is told of before it is called. */
const SHORT_MS = 5
/** More than what other runs of the same turn may take. */
const LONG_TURN_MS = 50
const MOST_NAMES = 1000

const last = new Map<string, number>()

/** Calls a task's function, and notes how long it held the process before it returned. */
export function timedTurn<T>(task: string, call: () => T): T {
  const began = performance.now()
  try {
    return call()
  } finally {
    noteTurn(task, performance.now() - began)
  }
}

/** Notes that the task's function kept all else in the process from running for so many milliseconds. */
function noteTurn(task: string, milliseconds: number): void {
  if (last.size >= MOST_NAMES && !last.has(task)) last.delete(last.keys().next().value as string)
  last.set(task, milliseconds)
}

/**
 * For a start that leaves now: how long ago, in seconds, its function began, in the turn at `began` (ms of
 * `performance`). Without giving the event loop a turn, a function of many short waits holds its start up too: that
 * is noted.
 */
export function ageOfStart(task: string, began: number): number {
  const age = performance.now() - began
  if (age >= LONG_TURN_MS) noteTurn(task, age)
  return Math.min(age / 1000, OLDEST_START_SECONDS)
}

/** Whether the task's function was called in this process and let it go on at once. */
export function isShort(task: string): boolean {
  const milliseconds = last.get(task)
  return milliseconds !== undefined && milliseconds < SHORT_MS
}
