import { type Clock, systemClock, type Timer } from './client/clock.ts'

export interface ShipperOptions<T> {
  /** Sends one batch; rejects when the server does not take it. */
  send: (batch: T[]) => Promise<unknown>
  /** Milliseconds that an item waits for company. */
  intervalMs?: number
  maxBatch?: number
  /** Items kept while the server is slow or away; newer ones are dropped and counted. */
  maxQueued?: number
  clock?: Clock
}

/** Sends items in batches behind the flow's back. Its memory is bounded; what it could not ship it counts. */
export class Shipper<T> {
  readonly #options: Required<ShipperOptions<T>>
  #queue: T[] = []
  #timer: Timer | undefined
  #sending: Promise<void> | undefined
  #dropped = 0

  constructor(options: ShipperOptions<T>) {
    this.#options = { intervalMs: 1000, maxBatch: 500, maxQueued: 20_000, clock: systemClock, ...options }
  }

  /** Items that never reached the server. */
  get dropped(): number {
    return this.#dropped
  }

  add(item: T): void {
    const { maxQueued, maxBatch, intervalMs, clock } = this.#options
    if (this.#queue.length >= maxQueued) {
      this.#dropped++
      return
    }
    this.#queue.push(item)
    if (this.#queue.length >= maxBatch) void this.#drain()
    else if (!this.#timer) {
      this.#timer = clock.after(intervalMs, () => void this.#drain(), 'poll')
      this.#timer.unref()
    }
  }

  /** Resolves when all items added so far are shipped or counted as dropped. Never rejects. */
  async flush(): Promise<void> {
    while (this.#queue.length > 0 || this.#sending) await this.#drain()
  }

  #drain(): Promise<void> {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined))
    return this.#sending
  }

  async #sendAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, this.#options.maxBatch)
      try {
        await this.#options.send(batch)
      } catch {
        this.#dropped += batch.length
      }
    }
  }
}
