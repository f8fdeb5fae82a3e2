import { isRefusal } from './client/api-error.ts'
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
  #failure: unknown
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

  /** Why the last of them did not. */
  get failure(): unknown {
    return this.#failure
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
      if (this.dropped > dropped && !isRefusal(this.#failure)) this.#dropUntil(added)
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
    const { dropped } = this
    await this.#send(batch)
    this.#settled += batch.length
    return this.dropped === dropped
  }

  /** What the server refuses keeps only itself from being shipped. */
  async #send(batch: T[]): Promise<void> {
    try {
      await this.#options.send(batch)
    } catch (error) {
      if (isRefusal(error) && batch.length > 1) {
        const half = Math.ceil(batch.length / 2)
        await this.#send(batch.slice(0, half))
        await this.#send(batch.slice(half))
        return
      }
      this.#failure = error
      this.#dropped += batch.length
    }
  }

  #schedule(): void {
    if (this.#timer) return
    const { clock, intervalMs } = this.#options
    this.#timer = clock.after(intervalMs, () => void this.#drain(), 'batch')
    this.#timer.unref()
  }
}
