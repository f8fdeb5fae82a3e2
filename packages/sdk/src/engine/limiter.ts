/** Lets at most `limit` holders run at once; the others wait in order. */
export class Limiter {
  readonly #limit: number
  readonly #onFree: (() => void) | undefined
  readonly #waiting: (() => void)[] = []
  #held = 0

  /** `onFree` is called when a place has become free. */
  constructor(limit = Number.POSITIVE_INFINITY, onFree?: () => void) {
    if (!(limit >= 1)) throw new RangeError(`concurrency must be 1 or more; got ${limit}`)
    this.#limit = limit
    this.#onFree = onFree
  }

  /** Places that nobody holds or waits for. */
  get free(): number {
    return this.#limit - this.#held
  }

  async acquire(): Promise<Slot> {
    await this.take()
    return new Slot(this)
  }

  /** A place if one is free now. */
  tryAcquire(): Slot | undefined {
    if (this.#held >= this.#limit) return undefined
    this.#held++
    return new Slot(this)
  }

  take(): Promise<void> | void {
    if (this.#held < this.#limit) {
      this.#held++
      return
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  give(): void {
    const next = this.#waiting.shift()
    if (next) return next()
    this.#held--
    this.#onFree?.()
  }
}

/**
 * One holder's place. While it waits for others of the same limiter it steps aside (`lend`), so that a task
 * which waits for tasks it started cannot block them for ever.
 */
export class Slot {
  readonly #limiter: Limiter
  #waits = 0
  #released = false

  constructor(limiter: Limiter) {
    this.#limiter = limiter
  }

  get isReleased(): boolean {
    return this.#released
  }

  /** Waits for the promise without holding the place, and takes the place again before going on. */
  async lend<T>(promise: PromiseLike<T>): Promise<T> {
    if (this.#waits++ === 0 && !this.#released) this.#limiter.give()
    try {
      return await promise
    } finally {
      if (--this.#waits === 0 && !this.#released) await this.#limiter.take()
    }
  }

  release(): void {
    if (this.#released) return
    this.#released = true
    if (this.#waits === 0) this.#limiter.give()
  }
}
