import pg from 'pg'

export interface ChannelHandlers {
  onMessage(text: string): void
  /** The connection had been lost and is back: messages may have been missed. */
  onGap(): void
  onError(error: unknown): void
}

/** What PostgreSQL carries in one message, in bytes. */
export const LONGEST_MESSAGE = 7900

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5000

/** Messages between the servers of one PostgreSQL database, over a connection of its own that comes back. */
export class PostgresChannel {
  readonly #url: string
  readonly #name: string
  readonly #handlers: ChannelHandlers
  #client: pg.Client | undefined
  #pause = FIRST_PAUSE_MS
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(url: string, name: string, handlers: ChannelHandlers) {
    this.#url = url
    this.#name = name
    this.#handlers = handlers
  }

  /** Resolves when messages are heard, or when the first attempt failed and the next is under way. */
  async open(): Promise<void> {
    await this.#connect(false)
  }

  /**
   * Sends one message; the next must wait until this is sent. Messages of this server come back to it too,
   * and are lost while there is no connection.
   */
  async send(text: string): Promise<void> {
    await this.#client?.query('select pg_notify($1, $2)', [this.#name, text]).catch(this.#handlers.onError)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#client?.end().catch(this.#handlers.onError)
  }

  async #connect(isAgain: boolean): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'reeve-channel',
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    })
    client.on('notification', ({ payload }) => this.#handlers.onMessage(payload ?? ''))
    client.on('error', (error) => {
      this.#handlers.onError(error)
      this.#lose(client)
    })
    client.on('end', () => this.#lose(client))
    try {
      await client.connect()
      await client.query(`listen ${client.escapeIdentifier(this.#name)}`)
    } catch (error) {
      this.#handlers.onError(error)
      client.end().catch(() => {})
      this.#retry()
      return
    }
    if (this.#isClosed) return void client.end()
    this.#client = client
    this.#pause = FIRST_PAUSE_MS
    if (isAgain) this.#handlers.onGap()
  }

  #lose(client: pg.Client): void {
    if (this.#client !== client) return
    this.#client = undefined
    client.end().catch(() => {})
    this.#retry()
  }

  #retry(): void {
    if (this.#isClosed) return
    this.#timer = setTimeout(() => void this.#connect(true), this.#pause).unref()
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE_MS)
  }
}
