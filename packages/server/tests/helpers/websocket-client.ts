import { WebSocket } from 'ws'

const DEADLINE_MS = 10_000

export interface ConnectOptions {
  /** undefined: the client offers no subprotocol, as old ones do. */
  protocol?: string | undefined
  headers?: { [name: string]: string }
}

/** A real websocket client of which a test awaits what comes, with a deadline. */
export class TestClient {
  readonly socket: WebSocket
  readonly frames: unknown[] = []
  readonly pongs: string[] = []
  #closed: { code: number; reason: string } | undefined
  #refused: number | undefined
  #watchers = new Set<() => void>()

  constructor(url: string, { protocol, headers = {} }: ConnectOptions = {}) {
    this.socket = new WebSocket(url, protocol ? [protocol] : [], { headers })
    this.socket.on('message', (data) => this.#note(() => this.frames.push(JSON.parse(data.toString()))))
    this.socket.on('pong', (data) => this.#note(() => this.pongs.push(data.toString())))
    this.socket.on('open', () => this.#note(() => {}))
    this.socket.on('error', () => {})
    this.socket.on('unexpected-response', (_request, response) =>
      this.#note(() => (this.#refused = response.statusCode)),
    )
    this.socket.on('close', (code, reason) =>
      this.#note(() => (this.#closed = { code, reason: reason.toString() })),
    )
  }

  async opened(): Promise<this> {
    await this.until(() => this.socket.readyState === WebSocket.OPEN, 'the socket to open')
    return this
  }

  /** Opens, proves who it is and awaits the welcome. */
  async authenticated(token: string | null = null): Promise<this> {
    await this.opened()
    this.send({ type: 'auth', token })
    await this.until(() => this.frames.length > 0, 'the answer to auth')
    const answer = this.frames.shift()
    if ((answer as { type?: string }).type !== 'auth_success') throw new Error(JSON.stringify(answer))
    return this
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  /** The next frame that came, or comes. */
  async next<Frame = any>(): Promise<Frame> {
    await this.until(() => this.frames.length > 0, 'a frame')
    return this.frames.shift() as Frame
  }

  /** Resolves when the server has answered a ping that is sent now. */
  async pinged(data: string = crypto.randomUUID(), deadline = DEADLINE_MS): Promise<void> {
    this.socket.ping(data)
    await this.until(() => this.pongs.includes(data), 'a pong', deadline)
  }

  async closed(): Promise<{ code: number; reason: string }> {
    await this.until(() => this.#closed !== undefined, 'the socket to close')
    return this.#closed as { code: number; reason: string }
  }

  /** The HTTP status with which the server refused the socket. */
  async refused(): Promise<number> {
    await this.until(() => this.#refused !== undefined, 'a refusal')
    return this.#refused as number
  }

  async until(holds: () => boolean, what: string, deadline = DEADLINE_MS): Promise<void> {
    if (holds()) return
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(look)
        reject(new Error(`Waited in vain for ${what}; got ${JSON.stringify([this.frames, this.#closed])}`))
      }, deadline)
      const look = () => {
        if (!holds()) return
        clearTimeout(timer)
        this.#watchers.delete(look)
        resolve()
      }
      this.#watchers.add(look)
    })
  }

  #note(change: () => void): void {
    change()
    for (const look of this.#watchers) look()
  }
}
