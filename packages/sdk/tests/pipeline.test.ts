import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { PIPELINE_VERSION } from '@reeve/schemas/pipeline'
import { ApiError, ConnectionError } from '../src/client/api-error.ts'
import { Pipeline, type PipelineOptions } from '../src/engine/pipeline.ts'
import { flow } from '../src/flow.ts'
import { task } from '../src/task.ts'
import { sharedServer } from './helpers/shared-server.ts'

interface Call {
  n: number
  call: string
  params?: { id?: string }
  body?: unknown
}

/** A server whose websocket the test answers by hand; by REST it echoes. */
class HandServer {
  readonly calls: Call[] = []
  readonly requests: string[] = []
  sockets = 0
  socket: WebSocket | undefined
  token: unknown
  hasPipeline = true
  letsIn = true
  #server: Server | undefined
  port = 0

  get url(): string {
    return `http://127.0.0.1:${this.port}/api`
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => this.#respond(request, response))
    const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'prefect' })
    server.on('upgrade', (request, raw, head) => {
      if (!this.letsIn) return void raw.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
      sockets.handleUpgrade(request, raw, head, (socket) => this.#welcome(socket))
    })
    await once(server.listen(this.port, '127.0.0.1'), 'listening')
    this.port = (server.address() as AddressInfo).port
    this.#server = server
  }

  /** As a crash would. */
  async stop(): Promise<void> {
    this.socket?.terminate()
    this.#server?.closeAllConnections()
    await new Promise((resolve) => this.#server?.close(resolve))
  }

  answer(n: number, body: unknown, status = 200, more = {}): void {
    this.socket?.send(JSON.stringify([{ n, status, body, ...more }]))
  }

  async called(count: number): Promise<Call[]> {
    for (const deadline = Date.now() + 10_000; this.calls.length < count; await after(5)) {
      if (Date.now() > deadline) throw new Error(`waited in vain for ${count} calls`)
    }
    return this.calls
  }

  #welcome(socket: WebSocket): void {
    this.sockets++
    this.socket = socket
    socket.once('message', (auth) => {
      this.token = (JSON.parse(String(auth)) as { token: unknown }).token
      socket.send('{"type":"auth_success"}')
      socket.on('message', (frame) => this.calls.push(...(JSON.parse(String(frame)) as Call[])))
    })
  }

  #respond(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(`${request.method} ${request.url}`)
    const headers = {
      'content-type': 'application/json',
      ...(this.hasPipeline && { 'x-reeve-pipeline': PIPELINE_VERSION }),
    }
    if (request.url?.startsWith('/api/csrf')) return void response.writeHead(422, headers).end('{}')
    response.writeHead(200, headers).end('"by REST"')
  }
}

describe('the pipeline of a client', () => {
  let server: HandServer
  let said: string[]
  beforeEach(async () => {
    server = new HandServer()
    await server.start()
    said = []
  })
  afterEach(() => server.stop())

  const make = (options: Partial<PipelineOptions> = {}) =>
    new Pipeline({ url: server.url, say: (level, text) => said.push(`${level} ${text}`), ...options })
  const set = (pipeline: Pipeline, id: string) =>
    pipeline.send({
      method: 'POST',
      call: 'setTaskRunState',
      params: { id },
      path: `/task_runs/${id}/set_state`,
      body: {},
    })

  test('sends what comes in one moment in one frame, and takes answers in any order', async () => {
    const pipeline = make({ authString: 'me:pass' })
    const results = Promise.all(['a', 'b', 'c'].map((id) => set(pipeline, id)))
    const calls = await server.called(3)
    expect(calls.map(({ params }) => params?.id)).toEqual(['a', 'b', 'c'])
    for (const { n, params } of calls.toReversed()) server.answer(n, `answer ${params?.id}`)
    expect(await results).toEqual(['answer a', 'answer b', 'answer c'])
    expect(server.token).toBe('me:pass')
    expect(server.requests).toEqual([])
    pipeline.close()
  })

  test('sends again what was not answered when the server comes back, and says so', async () => {
    const pipeline = make()
    const both = Promise.all([set(pipeline, 'a'), set(pipeline, 'b')])
    await server.called(2)
    server.answer(server.calls[0]!.n, 'first')
    await after(20)
    await server.stop()
    await after(100)
    await server.start()
    const calls = await server.called(3)
    expect(calls[2]).toEqual(calls[1])
    server.answer(calls[2]!.n, 'second')
    expect(await both).toEqual(['first', 'second'])
    expect(said).toEqual([
      expect.stringMatching(/^warn The connection to .* was lost \(code 1006\); 1 calls wait for it/),
      expect.stringMatching(/^info Connected to .*; 1 calls are sent again/),
    ])
    pipeline.close()
  })

  test('gives up when the server stays away', async () => {
    const pipeline = make({ patienceSeconds: 0.3 })
    const call = set(pipeline, 'a')
    await server.called(1)
    await server.stop()
    await expect(call).rejects.toThrow(ConnectionError)
    await server.start()
  })

  test('tells of a server that went away between calls, and waits for it once, not once for each call', async () => {
    const pipeline = make({ patienceSeconds: 0.5 })
    const answered = set(pipeline, 'a')
    server.answer((await server.called(1))[0]!.n, 'first')
    await answered
    pipeline.close()
    await server.stop()
    await expect(set(pipeline, 'b')).rejects.toThrow(ConnectionError)
    expect(said).toEqual([expect.stringMatching(/^warn .* does not answer \(.*\); 1 calls wait for it/)])
    const began = Date.now()
    for (const id of ['c', 'd', 'e']) await expect(set(pipeline, id)).rejects.toThrow(ConnectionError)
    expect(Date.now() - began).toBeLessThan(500)
    await server.start()
    const again = set(pipeline, 'f')
    const { n } = (await server.called(2)).at(-1)!
    server.answer(n, 'back')
    expect(await again).toBe('back')
    pipeline.close()
  })

  test('goes by REST, silently, to a server that has no pipeline', async () => {
    server.letsIn = false
    server.hasPipeline = false
    const pipeline = make()
    expect(await set(pipeline, 'a')).toBe('by REST')
    expect(await pipeline.isThere()).toBe(false)
    expect(said).toEqual([])
  })

  test('goes by REST, with a warning, when something between lets no websocket through', async () => {
    server.letsIn = false
    const pipeline = make()
    expect(await set(pipeline, 'a')).toBe('by REST')
    expect(said).toEqual([expect.stringMatching(/^warn .* lets no websocket in \(HTTP status 403\)/)])
  })

  test('sends what may not be repeated, and what is large, by REST', async () => {
    const pipeline = make()
    expect(await pipeline.send({ method: 'POST', call: 'createEvents', path: '/events' })).toBe('by REST')
    const body = 'x'.repeat(1_100_000)
    expect(await pipeline.send({ method: 'POST', call: 'createLogs', path: '/logs/', body })).toBe('by REST')
    expect(server.calls).toEqual([])
    pipeline.close()
  })

  test('an answer that is no success is an error, and a busy server is asked again', async () => {
    const pipeline = make()
    const missing = set(pipeline, 'a')
    server.answer((await server.called(1))[0]!.n, { detail: 'no such run' }, 404)
    await expect(missing).rejects.toThrow(ApiError)
    const busy = set(pipeline, 'b')
    server.answer((await server.called(2))[1]!.n, {}, 503, { retry_after: 0.01 })
    server.answer((await server.called(3))[2]!.n, 'now')
    expect(await busy).toBe('now')
    pipeline.close()
  })
})

describe('a flow over a pipeline', () => {
  const withServer = sharedServer()

  test('starts each task run with one call, and records the same states', async () => {
    await withServer(async ({ client }) => {
      const double = task((x: number) => x * 2, { name: 'double' })
      expect(await flow(async () => double(await double(5)), { name: 'piped' })()).toBe(20)
      const [run] = await client.filterTaskRuns({ body: { limit: 1 } })
      const states = await client.readTaskRunStates({ query: { task_run_id: run!.id } })
      expect(states.map(({ type }) => type)).toEqual(['PENDING', 'RUNNING', 'COMPLETED'])
      expect(run!.run_count).toBe(1)
    })
  })
})
