/** A function that holds the process for longer is told of before it is called. */
const SHORT_MS = 5
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
export function noteTurn(task: string, milliseconds: number): void {
  if (last.size >= MOST_NAMES && !last.has(task)) last.delete(last.keys().next().value as string)
  last.set(task, milliseconds)
}

/** Whether the task's function was called in this process and let it go on at once. */
export function isShort(task: string): boolean {
  const milliseconds = last.get(task)
  return milliseconds !== undefined && milliseconds < SHORT_MS
}
