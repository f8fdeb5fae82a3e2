import type { Context, SpanContext } from '@opentelemetry/api'
import { updateFlowRunLabels } from '../client/used-routes.ts'
import { describeError } from './errors.ts'
import type { Runtime } from './runtime.ts'
import type { State } from './state.ts'

type Api = typeof import('@opentelemetry/api')

/** Under which Prefect's client keeps the W3C trace context of a run, too. */
const LABEL = '__OTEL_TRACEPARENT'

/** Where OpenTelemetry keeps what the program has set up; without it there is nobody to give spans to. */
const GLOBAL = Symbol.for('opentelemetry.js.api.1')

let loading: Promise<Api | undefined> | undefined

function openTelemetry(): Promise<Api | undefined> | undefined {
  if (!(GLOBAL in globalThis)) return undefined
  loading ??= import('@opentelemetry/api').catch(() => undefined)
  return loading
}

/** A run as its span tells of it. */
export interface TracedRun {
  kind: 'flow' | 'task'
  id: string
  name: string
  /** Of the flow or task. */
  of: string
  tags: readonly string[]
  labels: { readonly [label: string]: unknown } | null
  runtime: Runtime
}

/** Carries the run out in a span of its own, if the program uses OpenTelemetry; costs nothing if not. */
export function traced<R>(run: TracedRun, carryOut: () => Promise<State<R>>): Promise<State<R>> {
  const api = openTelemetry()
  return api === undefined ? carryOut() : tracedWith(api, run, carryOut)
}

async function tracedWith<R>(
  loaded: Promise<Api | undefined>,
  run: TracedRun,
  carryOut: () => Promise<State<R>>,
): Promise<State<R>> {
  const api = await loaded
  if (!api) return carryOut()
  const { trace, context, SpanStatusCode } = api
  const parent = parentContext(api, run.labels)
  const attributes = {
    'prefect.run.id': run.id,
    'prefect.run.name': run.name,
    'prefect.run.type': run.kind,
    'prefect.tags': [...run.tags],
    [`reeve.${run.kind}.name`]: run.of,
  }
  const span = trace.getTracer('reeve').startSpan(run.name, { attributes }, parent)
  try {
    await rememberContext(run, span.spanContext())
    const state = await context.with(trace.setSpan(parent, span), carryOut)
    span.addEvent(state.name, {
      'prefect.state.type': state.type,
      'prefect.state.message': state.message ?? '',
    })
    if (state.isCompleted) span.setStatus({ code: SpanStatusCode.OK })
    else {
      if (state.error instanceof Error) span.recordException(state.error)
      span.setStatus({ code: SpanStatusCode.ERROR, message: state.toString() })
    }
    return state
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: describeError(error) })
    throw error
  } finally {
    span.end()
  }
}

/** What runs around the run in this process or, for one with nothing around it, what its labels tell. */
function parentContext({ trace, context, ROOT_CONTEXT }: Api, labels: TracedRun['labels']): Context {
  const active = context.active()
  if (trace.getSpan(active)) return active
  const known = parseTraceparent(labels?.[LABEL])
  return known ? trace.setSpanContext(ROOT_CONTEXT, known) : active
}

/** Task runs take their labels when they are created, which is before their span begins. */
async function rememberContext({ kind, id, labels, runtime }: TracedRun, span: SpanContext): Promise<void> {
  if (kind !== 'flow' || labels?.[LABEL] !== undefined) return
  await runtime.api
    .call(updateFlowRunLabels, { params: { id }, body: { [LABEL]: traceparent(span) } })
    .catch(() => {})
}

/** Labels that hand the trace on to the process that will carry out a run. */
export async function traceLabels(): Promise<{ [label: string]: string }> {
  const api = await openTelemetry()
  const span = api?.trace.getActiveSpan()
  return span ? { [LABEL]: traceparent(span.spanContext()) } : {}
}

function traceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
}

function parseTraceparent(text: unknown): SpanContext | undefined {
  const found = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(String(text))
  if (!found) return undefined
  const [, traceId, spanId, flags] = found as unknown as [string, string, string, string]
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true }
}
