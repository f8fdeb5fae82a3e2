import type { WebSocket } from 'ws'
import { needsMask } from './frame-masks.ts'

/** What became of an attempt to open a pipeline. */
export type Opened =
  | { kind: 'open'; socket: PipelineSocket }
  /** An HTTP answer, or a websocket that was closed before it began: there is a server, but no pipeline. */
  | { kind: 'refused'; why: string }
  | { kind: 'unreachable'; why: string }

export interface SocketListeners {
  message(text: string): void
  /** Called once, when an open socket is gone. */
  closed(why: string): void
}

const OPEN_WITHIN_MS = 10_000
const BEAT_MS = 15_000
const SUBPROTOCOL = 'prefect'

/** Statuses of servers and proxies that may let a websocket in later. */
const TEMPORARY = new Set([408, 429, 500, 502, 503, 504])

/** Opens a websocket and proves who it is. Never rejects. */
export async function openPipeline(
  url: string,
  token: string | undefined,
  headers: Record<string, string>,
  listeners: SocketListeners,
): Promise<Opened> {
  const { WebSocket } = await import('ws')
  return new Promise((resolve) => {
    const options = {
      headers,
      handshakeTimeout: OPEN_WITHIN_MS,
      perMessageDeflate: false,
      // A mask of zeros changes nothing, which spares both sides a pass over every byte.
      ...(!needsMask(url) && { generateMask: (mask: Buffer) => void mask.fill(0) }),
    }
    const socket = new WebSocket(url, [SUBPROTOCOL], options)
    const fail = (opened: Opened) => {
      resolve(opened)
      socket.terminate()
    }
    socket.on('error', (error) => resolve({ kind: 'unreachable', why: error.message || String(error) }))
    socket.once('unexpected-response', (_request, { statusCode = 0 }) => {
      const why = `HTTP status ${statusCode}`
      fail({ kind: TEMPORARY.has(statusCode) ? 'unreachable' : 'refused', why })
    })
    socket.once('open', () => socket.send(JSON.stringify({ type: 'auth', token: token ?? null })))
    socket.once('message', () => {
      socket.removeAllListeners('close')
      const open = new PipelineSocket(socket, listeners)
      resolve({ kind: 'open', socket: open })
    })
    socket.once('close', (code, reason) => {
      const why = describeClose(code, String(reason))
      resolve({ kind: code === POLICY_VIOLATION ? 'refused' : 'unreachable', why })
    })
  })
}

const POLICY_VIOLATION = 1008

function describeClose(code: number, reason: string): string {
  return reason ? `${reason}, code ${code}` : `code ${code}`
}

/** An open pipeline. It keeps the process alive only while it is told to. */
export class PipelineSocket {
  readonly #socket: WebSocket
  readonly #beat: NodeJS.Timeout
  #heard = true

  constructor(socket: WebSocket, listeners: SocketListeners) {
    this.#socket = socket
    socket.on('message', (data) => {
      this.#heard = true
      listeners.message(data.toString())
    })
    socket.on('pong', () => (this.#heard = true))
    socket.once('close', (code, reason) => {
      clearInterval(this.#beat)
      listeners.closed(describeClose(code, String(reason)))
    })
    this.#beat = setInterval(() => this.#check(), BEAT_MS).unref()
  }

  send(text: string): void {
    this.#socket.send(text)
  }

  /** The process does not end while the socket is held. */
  hold(held: boolean): void {
    const { _socket: raw } = this.#socket as unknown as { _socket: { ref(): void; unref(): void } | null }
    if (held) raw?.ref()
    else raw?.unref()
  }

  /** Resolves when the other side has read all that was sent, or is gone. */
  echo(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.once('pong', () => resolve())
      this.#socket.once('close', () => resolve())
      this.#socket.ping()
    })
  }

  close(): void {
    this.#socket.close(1000)
  }

  /** A server that neither speaks nor answers a ping is gone, whatever the network says. */
  #check(): void {
    if (!this.#heard) return this.#socket.terminate()
    this.#heard = false
    this.#socket.ping()
  }
}
