/**
 * Numbers the calls of each task within one run. A task run is known to the server by task and number, so the
 * same program counts the same way when it runs again, and finds its finished task runs. Calls made inside of
 * a task run are counted there, since tasks that run side by side reach their calls in any order.
 */
export class RunKeys {
  readonly #prefix: string
  readonly #counts = new Map<string, number>()

  constructor(prefix = '') {
    this.#prefix = prefix
  }

  /** The next dynamic key for the task: `0`, `1` … or, inside of a task run, `load-0.0`, `load-0.1` … */
  next(taskKey: string): string {
    const count = this.#counts.get(taskKey) ?? 0
    this.#counts.set(taskKey, count + 1)
    return `${this.#prefix}${count}`
  }

  /** Keys for the calls inside of one of these task runs. */
  within(taskKey: string, dynamicKey: string): RunKeys {
    return new RunKeys(`${taskKey}-${dynamicKey}.`)
  }
}
