import type { JsonObject } from '@reeve/schemas/json'
import {
  createFlowRunInput,
  deleteFlowRunInput,
  readFlowRunInput,
  resumeFlowRun as resumeRoute,
} from './client/used-routes.ts'
import { isNotFound } from './client/api-error.ts'
import { sleepSeconds } from './client/sleep.ts'
import {
  AbortedRun,
  CancelledRun,
  MissingContextError,
  PauseTimeoutError,
  SuspendedRun,
} from './engine/errors.ts'
import type { FlowScope } from './engine/flow-scope.ts'
import { identified } from './engine/identified.ts'
import { objectSchema } from './engine/json-schema.ts'
import { propose } from './engine/propose.ts'
import type { Runtime } from './engine/runtime.ts'
import { currentScope } from './engine/scope.ts'
import {
  describeIssues,
  type Issue,
  type SchemaOutput,
  type StandardSchema,
  validate,
} from './engine/standard-schema.ts'
import { RunError, type State } from './engine/state.ts'
import { usingRuntime } from './engine/using-runtime.ts'
import { fromWire, type Proposal } from './engine/wire-state.ts'
import { log } from './logs/logger.ts'

/** Options of `pauseFlowRun()` and `suspendFlowRun()`. */
export interface PauseOptions<S extends StandardSchema<any, any> | undefined = undefined> {
  /** What whoever resumes the run has to give; drawn as a form from its JSON Schema. Wrong input is asked for again. */
  input?: S
  /** Markdown, shown above the form. */
  description?: string
  /** Seconds until the run fails if nobody resumes it. */
  timeoutSeconds?: number
  /** Tells this pause from others of the run; the same one does not stop the run twice. */
  key?: string
  /** Seconds between looks at whether the run was resumed. */
  pollSeconds?: number
}

type Given<S> = S extends StandardSchema<any, any> ? SchemaOutput<S> : undefined

/**
 * Waits, in this process, until someone resumes the flow run, and gives what they entered. Task runs that are
 * going on continue. Works directly in a flow, not in a task.
 * @example const { approved } = await pauseFlowRun({ input: z.object({ approved: z.boolean() }) })
 */
export function pauseFlowRun<S extends StandardSchema<any, any> | undefined = undefined>(
  options: PauseOptions<S> = {},
): Promise<Given<S>> {
  return stopFor(options, false)
}

/**
 * * Lets the flow run go until someone resumes it: this process stops working on it, and the run starts again
 * from the top then, without repeating task runs whose results were kept. Only runs of deployments.
 * @example const { approved } = await suspendFlowRun({ input: z.object({ approved: z.boolean() }), key: 'manager' })
 */
export function suspendFlowRun<S extends StandardSchema<any, any> | undefined = undefined>(
  options: PauseOptions<S> = {},
): Promise<Given<S>> {
  return stopFor(options, true)
}

/**
 * Resumes a paused or suspended flow run. Throws when it is not paused or does not take the input.
 * @example await resumeFlowRun(flowRunId, { approved: true })
 */
export async function resumeFlowRun(flowRunId: string, input?: JsonObject): Promise<void> {
  const { status, details } = await usingRuntime(({ api }) =>
    api.call(resumeRoute, {
      params: { id: flowRunId },
      body: input === undefined ? {} : { run_input: input },
    }),
  )
  if (status === 'ACCEPT') return
  const reason = 'reason' in details ? details.reason : undefined
  throw new Error(`The flow run was not resumed: ${reason ?? status}`)
}

interface Keyset {
  schema: string
  response: string
  description: string
  [name: string]: string
}

async function stopFor<S extends StandardSchema<any, any> | undefined>(
  { input, description, timeoutSeconds = 3600, key: given, pollSeconds = 2 }: PauseOptions<S>,
  suspend: boolean,
): Promise<Given<S>> {
  const { flow, task, runtime } = currentScope() ?? {}
  const what = suspend ? 'suspendFlowRun()' : 'pauseFlowRun()'
  if (!flow || !runtime || task) throw new MissingContextError(what, 'a flow, outside of its tasks')
  await flow.unsettled.settled()
  flow.standing?.hear('PAUSED')
  const key = given ?? String(Number(flow.keys.next('pauses')) + 1)
  const ask = { input, timeoutSeconds, pollSeconds, suspend }
  let problems = ''
  for (let again = 0; ; again++) {
    const answer = await askOnce(runtime, flow, {
      ...ask,
      key: again === 0 ? key : `${key}-again-${again}`,
      description: [problems, description].filter(Boolean).join('\n\n') || undefined,
    })
    if ('value' in answer) return answer.value as Given<S>
    problems = `The last input was not valid: ${describeIssues(answer.issues)}`
    log.warn(`${problems}. Flow run '${flow.name}' asks again`)
  }
}

interface Ask {
  input: StandardSchema<any, any> | undefined
  description: string | undefined
  timeoutSeconds: number
  key: string
  pollSeconds: number
  suspend: boolean
}

/** The input, or what is wrong with it, once the run goes on; of an earlier execution if it paused there. */
async function askOnce(
  runtime: Runtime,
  flow: FlowScope,
  { input, description, timeoutSeconds, key, pollSeconds, suspend }: Ask,
): Promise<{ value: unknown } | { issues: Issue[] }> {
  const name = suspend ? 'Suspended' : 'Paused'
  const keyset = keysetOf(`${name.toLowerCase()}-${inputKey(key)}`)
  const form = input && objectSchema(input)
  const answer = () => readAnswer(runtime, flow, keyset, input, form?.wrapped ?? false)

  const run = await runtime.api.readFlowRun({ params: { id: flow.id } })
  if (run.empirical_policy.pause_keys?.includes(key)) return answer()
  if (form) await saveForm(runtime, flow.id, keyset, form.schema, description)
  const state = await proposePause(runtime, flow, {
    type: 'PAUSED',
    name,
    state_details: {
      pause_timeout: new Date(runtime.clock.now() + timeoutSeconds * 1000).toISOString(),
      pause_key: key,
      pause_reschedule: suspend,
      run_input_keyset: form ? keyset : null,
    },
  })
  log.info(`Flow run '${flow.name}' is ${name.toLowerCase()} until it is resumed`)
  if (suspend) throw new SuspendedRun(state, `Flow run '${flow.name}' was suspended`)
  await untilResumed(runtime, flow, pollSeconds)
  return answer()
}

/** The server takes small letters, digits and dashes. */
function inputKey(key: string): string {
  return key.replaceAll(/[^a-z0-9-]/g, (char) => `-x${char.codePointAt(0)?.toString(16)}-`)
}

function keysetOf(base: string): Keyset {
  return { schema: `${base}-schema`, response: `${base}-response`, description: `${base}-description` }
}

/** The state that the run has then. Throws when it is not to wait. */
async function proposePause(
  { api, clock }: Runtime,
  flow: FlowScope,
  proposal: Proposal & { name: string },
): Promise<State> {
  const state = identified(proposal)
  const verdict = await propose(
    () => api.setFlowRunState({ params: { id: flow.id }, body: { state } }),
    (seconds) => sleepSeconds(seconds, flow.stop.signal, clock),
  )
  const now = fromWire(verdict.state ?? (await api.readFlowRun({ params: { id: flow.id } })).state!)
  if (verdict.kind === 'accept') return now
  if (now.type === 'CANCELLING') throw new CancelledRun(now)
  throw new AbortedRun(now, `The flow run was not ${proposal.name.toLowerCase()}: ${verdict.reason}`)
}

async function saveForm(
  { api }: Runtime,
  id: string,
  keyset: Keyset,
  schema: JsonObject,
  description: string | undefined,
): Promise<void> {
  // An earlier try of the run may have paused under the same key.
  for (const key of Object.values(keyset)) {
    await api.call(deleteFlowRunInput, { params: { id, key } }).catch(ignoreNotFound)
  }
  await api.call(createFlowRunInput, {
    params: { id },
    body: { key: keyset.schema, value: JSON.stringify(schema) },
  })
  if (description === undefined) return
  const value = JSON.stringify(description)
  await api.call(createFlowRunInput, { params: { id }, body: { key: keyset.description, value } })
}

async function untilResumed({ api, clock }: Runtime, flow: FlowScope, pollSeconds: number): Promise<void> {
  for (;;) {
    await sleepSeconds(pollSeconds, flow.stop.signal, clock, 'poll')
    const { state } = await api.readFlowRun({ params: { id: flow.id } })
    if (state?.type === 'RUNNING') return
    if (!state || state.type === 'PAUSED') continue
    const now = fromWire(state)
    if (state.type === 'CANCELLING' || state.type === 'CANCELLED')
      throw new CancelledRun(now, `Flow run '${flow.name}' was cancelled`)
    if (state.type === 'FAILED')
      throw new PauseTimeoutError(now, `Nobody resumed flow run '${flow.name}' in time`)
    throw new RunError(now)
  }
}

async function readAnswer(
  { api }: Runtime,
  flow: FlowScope,
  keyset: Keyset,
  input: StandardSchema | undefined,
  wrapped: boolean,
): Promise<{ value: unknown } | { issues: Issue[] }> {
  if (!input) return { value: undefined }
  const text = await api
    .call(readFlowRunInput, { params: { id: flow.id, key: keyset.response } })
    .catch((error: unknown) => (ignoreNotFound(error), '{}'))
  const values = JSON.parse(text) as { value?: unknown }
  return validate(input, wrapped ? values.value : values)
}

function ignoreNotFound(error: unknown): void {
  if (!isNotFound(error)) throw error
}
