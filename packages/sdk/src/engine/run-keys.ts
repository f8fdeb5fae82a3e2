/** Begins keys that people gave, so that none is taken for a number. */
export const EXPLICIT = ':'

/**
 * Numbers the calls of each task within one run. A task run is known to the server by task and number, so the
 * same program counts the same way when it runs again, and finds its finished task runs. Calls made inside of
 * a task run are counted there, since tasks that run side by side reach their calls in any order.
 */
export class RunKeys {
  readonly #prefix: string
  readonly #counts = new Map<string, number>()
  readonly #explicit = new Set<string>()

  constructor(prefix = '') {
    this.#prefix = prefix
  }

  /** The next dynamic key for the task: `0`, `1` … or, inside of a task run, `load-0.0`, `load-0.1` … */
  next(taskKey: string): string {
    const count = this.#counts.get(taskKey) ?? 0
    this.#counts.set(taskKey, count + 1)
    return `${this.#prefix}${count}`
  }

  /** The dynamic key for a call that has a key of its own. Throws when an earlier call has the same. */
  explicit(taskKey: string, key: string): string {
    const taken = `${taskKey}\n${key}`
    if (this.#explicit.has(taken))
      throw new TypeError(`Two calls of '${taskKey}' have the key '${key}'; each call needs one of its own.`)
    this.#explicit.add(taken)
    return `${this.#prefix}${EXPLICIT}${key}`
  }

  /** Keys for the calls inside of one of these task runs. */
  within(taskKey: string, dynamicKey: string): RunKeys {
    return new RunKeys(`${taskKey}-${dynamicKey}.`)
  }
}
