import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { serveTasks } from '../src/background/serve-tasks.ts'
import { flow } from '../src/flow.ts'
import { runContext } from '../src/run-context.ts'
import { task } from '../src/task.ts'
import { sharedServer } from './helpers/shared-server.ts'

const withServer = sharedServer()
const exporter = new InMemorySpanExporter()

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  )
})
beforeEach(() => exporter.reset())
afterAll(() => {
  trace.disable()
  context.disable()
})

const spanOf = (runId: string) =>
  exporter.getFinishedSpans().find(({ attributes }) => attributes['prefect.run.id'] === runId)!

test('runs are spans, nested as the runs are, and the flow run keeps the trace context', () =>
  withServer(async ({ client }) => {
    const ids: { [name: string]: string } = {}
    const inner = task(() => (ids.task = runContext().taskRun!.id), { name: 'inner' })
    const broken = task(
      () => {
        ids.broken = runContext().taskRun!.id
        throw new RangeError('too far')
      },
      { name: 'broken' },
    )
    const outer = flow(
      async () => {
        ids.flow = runContext().flowRun!.id
        await inner()
        await broken.returnState()
      },
      { name: 'outer', tags: ['traced'] },
    )
    await outer()
    const [root, child, failed] = [spanOf(ids.flow!), spanOf(ids.task!), spanOf(ids.broken!)]
    const { traceId, spanId } = root.spanContext()
    expect(child.spanContext().traceId).toBe(traceId)
    expect(child.parentSpanContext?.spanId).toBe(spanId)
    expect(root.attributes).toMatchObject({ 'prefect.run.type': 'flow', 'prefect.tags': ['traced'] })
    expect(failed.status).toMatchObject({ code: 2, message: expect.stringContaining('RangeError: too far') })
    expect(failed.events.map(({ name }) => name)).toEqual(['Failed', 'exception'])
    const run = await client.readFlowRun({ params: { id: ids.flow! } })
    expect(run.labels).toMatchObject({ __OTEL_TRACEPARENT: `00-${traceId}-${spanId}-01` })
  }))

test('a background run goes on in the trace of whoever asked for it', () =>
  withServer(async () => {
    const later = task(() => {}, { name: `later-${crypto.randomUUID()}` })
    const request = trace.getTracer('test').startSpan('request')
    const run = await context.with(trace.setSpan(context.active(), request), () => later.delay())
    const end = new AbortController()
    const worker = serveTasks([later], { signal: end.signal })
    await run.result({ timeoutSeconds: 20 })
    end.abort()
    await worker
    expect(spanOf(run.id).parentSpanContext?.spanId).toBe(request.spanContext().spanId)
  }))
