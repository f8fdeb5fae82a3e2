import { connect } from 'node:net'
import type { Socket } from 'node:net'

export interface HttpAnswer {
  status: number
  body: string
}

const HEAD_END = '\r\n\r\n'
const LENGTH = /\r\ncontent-length: *(\d+)/i

interface Waiting {
  resolve: (answer: HttpAnswer) => void
  reject: (error: Error) => void
}

/**
 * One keep-alive connection with one request under way at a time. It does little more than move bytes, so
 * that the load generator leaves the cores to the server that is measured.
 */
export class HttpConnection {
  readonly #socket: Socket
  readonly #host: string
  #received = ''
  #waiting: Waiting | undefined
  #broken: Error | undefined

  private constructor(socket: Socket, host: string) {
    this.#socket = socket
    this.#host = host
    socket.setNoDelay(true)
    socket.setEncoding('latin1')
    socket.on('data', (text) => this.#receive(text as unknown as string))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('The server closed the connection')))
  }

  static open(origin: string): Promise<HttpConnection> {
    const { hostname, port, host } = new URL(origin)
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname)
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new HttpConnection(socket, host))
      })
    })
  }

  /** Rejects when the connection breaks; it is of no more use then. */
  request(method: string, path: string, body?: string): Promise<HttpAnswer> {
    if (this.#broken) return Promise.reject(this.#broken)
    const head = `${method} ${path} HTTP/1.1\r\nhost: ${this.#host}\r\n`
    const rest =
      body === undefined
        ? '\r\n'
        : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}${HEAD_END}${body}`
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#socket.write(head + rest)
    })
  }

  close(): void {
    this.#broken ??= new Error('The connection is closed')
    this.#socket.destroy()
  }

  #receive(text: string): void {
    this.#received = this.#received === '' ? text : this.#received + text
    const end = this.#received.indexOf(HEAD_END)
    if (end < 0) return
    const status = Number(this.#received.slice(9, 12))
    const length = status === 204 ? 0 : Number(LENGTH.exec(this.#received)?.[1] ?? Number.NaN)
    if (Number.isNaN(length)) return this.#fail(new Error('An answer without content-length'))
    const start = end + HEAD_END.length
    if (this.#received.length < start + length) return
    const body = this.#received.slice(start, start + length)
    this.#received = this.#received.slice(start + length)
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.resolve({ status, body })
  }

  #fail(error: Error): void {
    this.#broken ??= error
    this.#waiting?.reject(error)
    this.#waiting = undefined
    this.#socket.destroy()
  }
}
