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
  #added = 0
  /** Of those added, shipped or dropped. */
  #settled = 0

  constructor(options: ShipperOptions<T>) {
    this.#options = { intervalMs: 1000, maxBatch: 500, maxQueued: 20_000, clock: systemClock, ...options }
  }

  /** Items that never reached the server. */
  get dropped(): number {
    return this.#dropped
  }

  add(item: T): void {
    const { maxQueued, maxBatch } = this.#options
    if (this.#queue.length >= maxQueued) {
      this.#dropped++
      return
    }
    this.#queue.push(item)
    this.#added++
    if (this.#queue.length >= maxBatch) void this.#drain()
    else this.#schedule()
  }

  /** Resolves when all items added so far are shipped or counted as dropped. Never rejects. */
  async flush(): Promise<void> {
    const added = this.#added
    while (this.#settled < added) {
      const { dropped } = this
      await this.#drain()
      // The server was given its time once; to give it that for each batch could take hours.
      if (this.dropped > dropped) this.#dropUntil(added)
    }
  }

  #dropUntil(added: number): void {
    const { length } = this.#queue.splice(0, Math.max(0, added - this.#settled))
    this.#dropped += length
    this.#settled += length
  }

  /** Sends one batch, or joins the one that is on its way; what is left over goes next. */
  #drain(): Promise<void> {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#sending ??= this.#sendBatch().then((sent) => {
      this.#sending = undefined
      if (sent && this.#queue.length >= this.#options.maxBatch) void this.#drain()
      else if (this.#queue.length > 0) this.#schedule()
    })
    return this.#sending
  }

  async #sendBatch(): Promise<boolean> {
    const batch = this.#queue.splice(0, this.#options.maxBatch)
    const sent = await this.#options.send(batch).then(
      () => true,
      () => false,
    )
    if (!sent) this.#dropped += batch.length
    this.#settled += batch.length
    return sent
  }

  #schedule(): void {
    if (this.#timer) return
    const { clock, intervalMs } = this.#options
    this.#timer = clock.after(intervalMs, () => void this.#drain(), 'batch')
    this.#timer.unref()
  }
}
