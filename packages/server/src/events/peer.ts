import type { WebSocket } from 'ws'
import type { Bus, Topic, Topics } from '../bus.ts'

/** Clients take 1000 and 1001 for the end of the stream, and this for a reason to come back. */
export const SERVICE_RESTART = 1012
const TRY_AGAIN_LATER = 1013
const MOST_BUFFERED = 16 * 1024 * 1024

interface Ping {
  /** Answered when this many pieces of work are done. */
  after: number
  data: Buffer
}

/**
 * One socket. Its pings are answered in order with the work that its earlier frames began, so that a pong
 * proves to the client that everything it sent before is done.
 */
export class Peer {
  readonly socket: WebSocket
  #begun = 0
  #done = 0
  #pings: Ping[] = []

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('ping', (data: Buffer) => {
      this.#pings.push({ after: this.#begun, data })
      this.#answer()
    })
  }

  /** Announces work; what is returned tells that it is done. Work ends in the order in which it began. */
  begin(): () => void {
    this.#begun++
    return () => {
      this.#done++
      this.#answer()
    }
  }

  send(frame: unknown): void {
    this.sendText(JSON.stringify(frame))
  }

  sendText(text: string): void {
    if (!this.isOpen) return
    this.socket.send(text)
    if (this.socket.bufferedAmount > MOST_BUFFERED) this.closeSlow()
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN
  }

  /** Sends, and resolves when everything so far has left this process or the socket is closed. */
  sendFlushed(text: string): Promise<void> {
    return new Promise((resolve) => {
      if (this.isOpen) this.socket.send(text, () => resolve())
      else resolve()
    })
  }

  /** A client that reads too slowly is asked to begin anew, so that nothing is left out unseen. */
  closeSlow(): void {
    this.close(TRY_AGAIN_LATER, 'The client reads too slowly')
  }

  /** The reason is cut to the 123 bytes that a close frame holds. */
  close(code: number, reason: string): void {
    this.socket.close(
      code,
      Buffer.from(reason)
        .subarray(0, 123)
        .toString('utf8')
        .replace(/\uFFFD+$/, ''),
    )
  }

  /** Calls back with the next frame only. */
  onceFrame(callback: (text: string) => void): void {
    this.socket.once('message', (data) => callback(data.toString()))
  }

  onFrame(callback: (text: string) => void): void {
    this.socket.on('message', (data) => callback(data.toString()))
  }

  /**
   * Listens to topics while the socket is open. When something that happened elsewhere was missed, the
   * client is asked to come back, since only a new stream can tell it.
   */
  follow<T extends Topic>(bus: Bus, topics: readonly T[], listener: (message: Topics[T]) => void): void {
    const ends = topics.map((topic) => bus.subscribe(topic, listener))
    ends.push(
      bus.subscribe('missedElsewhere', () => this.close(SERVICE_RESTART, 'Some messages were missed')),
    )
    this.socket.once('close', () => {
      for (const end of ends) end()
    })
  }

  #answer(): void {
    for (let ping = this.#pings[0]; ping && ping.after <= this.#done; ping = this.#pings[0]) {
      this.#pings.shift()
      if (this.isOpen) this.socket.pong(ping.data)
    }
  }
}

/** The JSON object of a frame; undefined when it is none. */
export function frameObject(text: string): { [key: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as { [key: string]: unknown })
      : undefined
  } catch {
    return undefined
  }
}
