/** A log record as the server takes it. */
export interface LogRecord {
  name: string
  level: number
  message: string
  /** ISO 8601 */
  timestamp: string
  flow_run_id: string | null
  task_run_id: string | null
}

export interface ShipperOptions {
  /** Sends one batch; rejects when the server does not take it. */
  send: (batch: LogRecord[]) => Promise<unknown>
  /** Milliseconds that a record waits for company. */
  intervalMs?: number
  maxBatch?: number
  /** Records kept while the server is slow or away; newer ones are dropped and counted. */
  maxQueued?: number
  /** Characters of one message; the rest is cut. */
  maxMessage?: number
}

/** Sends log records in batches behind the flow's back. Its memory is bounded; what it could not ship it counts. */
export class LogShipper {
  readonly #options: Required<ShipperOptions>
  #queue: LogRecord[] = []
  #timer: NodeJS.Timeout | undefined
  #sending: Promise<void> | undefined
  #dropped = 0

  constructor(options: ShipperOptions) {
    this.#options = { intervalMs: 1000, maxBatch: 500, maxQueued: 20_000, maxMessage: 200_000, ...options }
  }

  /** Records that never reached the server. */
  get dropped(): number {
    return this.#dropped
  }

  add(record: LogRecord): void {
    const { maxQueued, maxBatch, maxMessage, intervalMs } = this.#options
    if (this.#queue.length >= maxQueued) {
      this.#dropped++
      return
    }
    if (record.message.length > maxMessage) record = { ...record, message: `${record.message.slice(0, maxMessage)}…` }
    this.#queue.push(record)
    if (this.#queue.length >= maxBatch) void this.#drain()
    else this.#timer ??= setTimeout(() => void this.#drain(), intervalMs).unref()
  }

  /** Resolves when all records added so far are shipped or counted as dropped. Never rejects. */
  async flush(): Promise<void> {
    while (this.#queue.length > 0 || this.#sending) await this.#drain()
  }

  #drain(): Promise<void> {
    clearTimeout(this.#timer)
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
