const FIRST_LIMIT = 16
const LARGEST_LIMIT = 128
/** What a server that had no trouble is trusted with in addition, for each window that it answered. */
const GROWTH = 0.1

/**
 * How many requests a server gets at the same time: half as many after one that it had no room for, slowly more
 * while it answers. Prefect's server on SQLite refuses nearly all writes when there are eight, and none of one.
 */
export class Congestion {
  #limit = FIRST_LIMIT
  #inFlight = 0
  /** Counts reductions: requests of one burst that fail together are one reason to slow down, not many. */
  #reductions = 0
  readonly #waiting: (() => void)[] = []

  /** Carries out the request when it is its turn; `isBusy` says of its answer that the server had no room for it. */
  async pass<T>(request: () => Promise<T>, isBusy: (answer: T) => boolean): Promise<T> {
    if (this.#inFlight >= Math.floor(this.#limit)) await new Promise<void>((go) => this.#waiting.push(go))
    else this.#inFlight++
    const reductions = this.#reductions
    try {
      const answer = await request()
      if (!isBusy(answer)) this.#limit = Math.min(LARGEST_LIMIT, this.#limit + GROWTH / this.#limit)
      else if (reductions === this.#reductions) {
        this.#reductions++
        this.#limit = Math.max(1, this.#limit / 2)
      }
      return answer
    } finally {
      this.#inFlight--
      while (this.#waiting.length > 0 && this.#inFlight < Math.floor(this.#limit)) {
        this.#inFlight++
        this.#waiting.shift()?.()
      }
    }
  }
}
