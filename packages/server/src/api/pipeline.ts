import type { IncomingMessage } from 'node:http'
import { PIPELINED } from '@reeve/schemas/pipeline'
import type { PipelineAnswer } from '@reeve/schemas/pipeline'
import type { Context } from '../context.ts'
import type { Peer } from '../events/peer.ts'
import { MalformedJson, parseJsonBody } from '../json-body.ts'
import { callEndpoint } from './call-endpoint.ts'
import type { Received } from './call-endpoint.ts'
import { clientOf } from './client.ts'
import type { Endpoint } from './endpoint.ts'
import { ENDPOINTS } from './endpoints.ts'

const BY_ID = new Map(
  ENDPOINTS.filter(({ route }) => PIPELINED.has(route.id)).map((each) => [each.route.id, each]),
)

/** Calls of one socket that are not answered yet; above this no more is read from it, until below the other. */
const MOST_IN_FLIGHT = 4096
const ROOMY = 1024
/** With these the client can go on while the next ones are made ready, and what it calls then while those are read. */
const ENOUGH_FOR_A_FRAME = 16

/**
 * `/pipeline`: takes calls by number, many in flight, and answers each when what it did is durable. Calls
 * that arrive together share transactions, since they go the same way as requests do.
 */
export function servePipeline(peer: Peer, context: Context, request: IncomingMessage): void {
  const pipeline = new Pipeline(peer, context, request)
  peer.onFrame((text) => pipeline.receive(text))
}

class Pipeline {
  readonly #peer: Peer
  readonly #context: Context
  readonly #origin: Pick<Received, 'headers' | 'client' | 'isTerse' | 'onGone'>
  #inFlight = 0
  #answers: string[] = []

  constructor(peer: Peer, context: Context, { headers }: IncomingMessage) {
    this.#peer = peer
    this.#context = context
    const version = headers['x-prefect-api-version']?.toString()
    this.#origin = {
      headers,
      client: clientOf(headers['user-agent'], version),
      isTerse: true,
      onGone: (listener) => peer.socket.once('close', listener),
    }
  }

  receive(text: string): void {
    let frame: unknown
    try {
      frame = parseJsonBody(text)
    } catch (error) {
      if (!(error instanceof MalformedJson)) throw error
      return this.#answer({ n: null, status: 400, body: { detail: 'A frame must be JSON.' } })
    }
    for (const call of Array.isArray(frame) ? (frame as unknown[]) : [frame]) void this.#take(call)
    const { socket } = this.#peer
    if (this.#inFlight >= MOST_IN_FLIGHT && !socket.isPaused) socket.pause()
  }

  async #take(call: unknown): Promise<void> {
    const { n, call: id, params, body } = isObject(call) ? call : {}
    if (!Number.isSafeInteger(n) || (n as number) < 0) {
      const detail = 'A call is an object with a number: {"n": 1, "call": …, "params": …, "body": …}.'
      return this.#answer({ n: null, status: 400, body: { detail } })
    }
    const number = n as number
    const endpoint = BY_ID.get(id as string)
    if (!endpoint) {
      const detail = `There is no call ${JSON.stringify(id)?.slice(0, 100)} here.`
      return this.#answer({ n: number, status: 404, body: { detail } })
    }
    this.#inFlight++
    this.#answer(await this.#carryOut(number, endpoint, params, body))
    this.#inFlight--
    const { socket } = this.#peer
    if (socket.isPaused && this.#inFlight <= ROOMY) socket.resume()
  }

  async #carryOut(n: number, endpoint: Endpoint, params: unknown, given: unknown): Promise<PipelineAnswer> {
    const received = { params: params ?? {}, query: {}, body: () => given, rawBody: '', ...this.#origin }
    const { status, body, headers } = await callEndpoint(this.#context, endpoint, received)
    const after = headers?.['retry-after']
    return { n, status, body, ...(after !== undefined && { retry_after: Number(after) }) }
  }

  /** What is answered within one turn of the event loop leaves in few frames. */
  #answer(answer: PipelineAnswer): void {
    const waiting = this.#answers.push(JSON.stringify(answer))
    if (waiting === 1) setImmediate(() => this.#send())
    else if (waiting === ENOUGH_FOR_A_FRAME) this.#send()
  }

  #send(): void {
    const answers = this.#answers
    this.#answers = []
    if (answers.length > 0) this.#peer.sendText(`[${answers.join(',')}]`)
  }
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
