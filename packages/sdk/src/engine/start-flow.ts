import type { FlowRun } from '@reeve/schemas/flow-run'
import { orderedUuid } from '@reeve/schemas/ordered-uuid'
import { randomRunName } from '@reeve/schemas/run-name'
import { stableHash } from '../cache/hash.ts'
import { log } from '../logs/logger.ts'
import { capturePrints } from '../logs/prints.ts'
import { overlay } from '../results/result-policy.ts'
import { ChangedStepError } from './changed-step.ts'
import { connect } from './connect.ts'
import { wireFlowDelay } from './delays.ts'
import { EarlyFlowStart, type FlowRunBody, type FlowRunFacts, turnOf } from './early-flow-start.ts'
import { executeFlowRun } from './execute-flow.ts'
import type { FlowDefinition } from './flow-options.ts'
import { Future } from './future.ts'
import { findDependencies, rememberProducer, resolveFutures } from './inputs.ts'
import { encodeParameters, namedParameters } from './flow-parameters.ts'
import { renderRunName } from './run-name.ts'
import { identified } from './identified.ts'
import type { Verdict } from './propose.ts'
import type { Runtime } from './runtime.ts'
import { type Started, startedRun } from './start-run.ts'
import { currentScope, runInScope, type Scope } from './scope.ts'
import type { State } from './state.ts'
import type { Stop } from './stop.ts'
import { track } from './track.ts'
import { isShort } from './turns.ts'

/** Starts a flow run, as a subflow when called inside of a flow, and gives its future. */
export function startFlow<R>(
  flow: FlowDefinition<any[], R>,
  args: readonly unknown[],
  waitFor: readonly unknown[],
): Future<R> {
  const scope = currentScope() ?? {}
  const around = scope.task ?? scope.flow
  around?.stop.signal.throwIfAborted()
  const runId = Promise.withResolvers<string>()
  const trackingId = scope.flow && Promise.withResolvers<string>()
  const dynamicKey = scope.flow ? (scope.task?.keys ?? scope.flow.keys).next(flow.name) : undefined
  const created = { run: runId.resolve, tracking: trackingId?.resolve }
  const state = run(flow, { scope, args, waitFor, dynamicKey, created })
  state.catch((error: unknown) => {
    runId.reject(error)
    trackingId?.reject(error)
  })
  track(scope, state)
  const ids = { runId: runId.promise, taskRunId: trackingId?.promise }
  return new Future<R>(`flow run of '${flow.name}'`, ids, state)
}

interface Call {
  scope: Scope
  args: readonly unknown[]
  waitFor: readonly unknown[]
  /** Set for subflows: which call of the parent this is. */
  dynamicKey: string | undefined
  /** Told the ids as soon as they are known. */
  created: { run: (id: string) => void; tracking: ((id: string) => void) | undefined }
}

async function run<R>(flow: FlowDefinition<any[], R>, call: Call): Promise<State<R>> {
  const { scope } = call
  const runtime = scope.runtime ?? (await connect())
  const release = scope.flow ? undefined : runtime.lease()
  try {
    return await runInScope({ ...scope, runtime }, () => createAndExecute(flow, call, runtime))
  } finally {
    await release?.()
  }
}

async function createAndExecute<R>(
  flow: FlowDefinition<any[], R>,
  call: Call,
  runtime: Runtime,
): Promise<State<R>> {
  const { scope, dynamicKey } = call
  const inputs = { ...namedParameters(flow, call.args), wait_for: call.waitFor }
  const tracking =
    dynamicKey === undefined
      ? undefined
      : await createTrackingRun({ name: flow.name, dynamicKey, inputs, scope }, runtime)
  if (tracking) call.created.tracking?.(tracking.id)
  for (const future of findDependencies([...call.args, ...call.waitFor]).futures) await future.state()
  const args = (await resolveFutures([...call.args])) as unknown[]
  const latest = tracking?.existed ? await latestChild(runtime, tracking.id) : undefined
  const earlier = latest && staysAsItIs(latest, namedParameters(flow, args), scope) ? latest : undefined
  const started: Beginning = earlier
    ? { run: earlier, first: undefined }
    : await createFlowRun(flow, { scope, args, parentTaskRunId: tracking?.id }, runtime)
  call.created.run(started.run.id)
  await scope.flow?.unsettled.settled()
  const state = await executeKnownRun({ flow, ...started, args, scope, runtime })
  if (tracking && state.isCompleted) rememberProducer(state.data, tracking.id)
  return state
}

/** Whether the subflow of an earlier execution stands for this call. Throws ChangedStepError as the options say. */
function staysAsItIs(
  { name, state_type, parameters }: FlowRun,
  now: { readonly [name: string]: unknown },
  { flow }: Scope,
): boolean {
  if (state_type !== 'COMPLETED' || flow?.changedSteps === 'reuse') return true
  const asStored: unknown = JSON.parse(JSON.stringify(encodeParameters(now)))
  if (stableHash(parameters) === stableHash(asStored)) return true
  if (flow?.changedSteps !== 'rerun') throw new ChangedStepError(name, 'inputs')
  log.warn(`Subflow run '${name}' is not taken over: its inputs changed since it was completed`)
  return false
}

/** A run to carry out: what the server said to its first Running, or its start that is on the way. */
interface Beginning extends Pick<Started<FlowRun>, 'first'> {
  run: FlowRunFacts
  start?: EarlyFlowStart
}

/** A flow run that the server has, or is being told of. */
export interface KnownRun<R> {
  flow: FlowDefinition<any[], R>
  run: FlowRunFacts
  args: readonly unknown[]
  scope: Scope
  runtime: Runtime
  /** What the server said to the first Running, if it was proposed already. */
  first?: Verdict | undefined
  start?: EarlyFlowStart | undefined
  /** Stops the run; left out, the run around it or the process's signals do. */
  stop?: Stop | undefined
}

/** Carries it out. */
export async function executeKnownRun<R>(known: KnownRun<R>): Promise<State<R>> {
  const { flow, scope, runtime } = known
  const { options } = flow
  const logPrints = options.logPrints ?? scope.flow?.logPrints ?? runtime.settings.logPrints
  if (logPrints) capturePrints()
  const results = overlay(scope.flow?.results ?? runtime.results, options)
  return executeFlowRun({ ...known, results, logPrints })
}

async function createFlowRun<R>(
  flow: FlowDefinition<any[], R>,
  { scope, args, parentTaskRunId }: { scope: Scope; args: unknown[]; parentTaskRunId: string | undefined },
  runtime: Runtime,
): Promise<Beginning> {
  const { options } = flow
  const { api, pipeline } = runtime
  const parameters = namedParameters(flow, args)
  const name = options.runName === undefined ? '' : renderRunName(options.runName, args, parameters)
  const body = {
    flow_id: await flowId(flow.name, runtime),
    flow_version: options.version ?? null,
    name: name || null,
    parameters: encodeParameters(parameters),
    parent_task_run_id: parentTaskRunId ?? null,
    tags: [...new Set([...(scope.tags ?? []), ...(options.tags ?? [])])],
    empirical_policy: {
      retries: options.retries ?? 0,
      retry_delay: wireFlowDelay(options.retryDelaySeconds),
    },
  }
  // By id or key a call whose answer was lost can be sent again.
  if (!(await pipeline?.isThere())) {
    const run = await api.createFlowRun({ body: { ...body, idempotency_key: crypto.randomUUID() } })
    return { run, first: undefined }
  }
  const flow_run: FlowRunBody = { ...body, id: orderedUuid(), name: name || randomRunName(Math.random) }
  if (mayBegin(flow, scope, runtime)) {
    const start = new EarlyFlowStart(api, flow_run, flow.name)
    return { run: start.run, first: undefined, start }
  }
  const state = identified({ type: 'RUNNING' })
  const answer = await api.startFlowRun({ body: { flow_run, state } })
  return startedRun(answer.flow_run, answer.result, state)
}

/**
 * Whether the function may be called while the start is on its way: nothing is around the run, nobody is to see that
 * it runs before it does, and the function is known not to keep the start from leaving.
 */
function mayBegin(
  { name, options }: FlowDefinition<any[], any>,
  { flow, task, transaction }: Scope,
  { pipeline }: Runtime,
): boolean {
  if (flow || task || transaction || options.onRunning) return false
  return pipeline?.isOpen === true && isShort(turnOf(name))
}

/** Of the flow of this name, which is made on the server if need be. */
export async function flowId(name: string, { api, flowIds }: Runtime): Promise<string> {
  let id = flowIds.get(name)
  if (!id) {
    id = api.createFlow({ body: { name } }).then((flow) => flow.id)
    flowIds.set(name, id)
    id.catch(() => flowIds.delete(name))
  }
  return id
}

/** A call of a subflow. */
export interface Tracked {
  name: string
  dynamicKey: string
  /** What it was called with, futures among it. */
  inputs: { readonly [name: string]: unknown }
  scope: Scope
}

/** The task run of the parent which stands for the subflow; the server keeps its state like the subflow's. */
export async function createTrackingRun(
  { name: taskKey, dynamicKey, inputs: given, scope }: Tracked,
  runtime: Runtime,
): Promise<{ id: string; existed: boolean }> {
  const inputs: { [name: string]: { input_type: 'task_run'; id: string }[] } = {}
  for (const [name, value] of Object.entries(given)) {
    const { taskRunIds } = findDependencies(value)
    if (taskRunIds.length === 0) continue
    inputs[name] = [...new Set(await Promise.all(taskRunIds))].map((id) => ({ input_type: 'task_run', id }))
  }
  if (scope.task) inputs.__parents__ = [{ input_type: 'task_run', id: scope.task.id }]
  const run = await runtime.api.createTaskRun({
    body: {
      name: `${taskKey}-${dynamicKey}`,
      flow_run_id: scope.flow!.id,
      task_key: taskKey,
      dynamic_key: dynamicKey,
      task_inputs: inputs,
    },
  })
  return { id: run.id, existed: run.state_type !== 'PENDING' }
}

/** The last run of the subflow that the task run stands for. */
export async function latestChild({ api }: Runtime, trackingId: string): Promise<FlowRun | undefined> {
  const [run] = await api.filterFlowRuns({
    body: {
      flow_runs: { parent_task_run_id: { any_: [trackingId] } },
      sort: 'EXPECTED_START_TIME_DESC',
      limit: 1,
    },
  })
  return run
}
