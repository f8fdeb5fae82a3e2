import { log } from '../logs/logger.ts'
import { capturePrints } from '../logs/prints.ts'
import { overlay } from '../results/result-policy.ts'
import { connect } from './connect.ts'
import { ChangedStepError } from './changed-step.ts'
import { wireDelays } from './delays.ts'
import { EarlyStart } from './early-start.ts'
import { UpstreamError } from './errors.ts'
import { Future } from './future.ts'
import { type Dependencies, findDependencies, rememberProducer, resolveFutures } from './inputs.ts'
import { namedArguments } from './parameter-names.ts'
import { renderRunName } from './run-name.ts'
import { EXPLICIT, RunKeys } from './run-keys.ts'
import type { Runtime } from './runtime.ts'
import { currentScope, runInScope, type Scope } from './scope.ts'
import { RunError, State } from './state.ts'
import { track } from './track.ts'
import { executeTaskRun, reportTaskCrash, type TaskExecution, unlimited } from './execute-task.ts'
import { identified } from './identified.ts'
import type { Slot } from './limiter.ts'
import type { Standing } from './standing.ts'
import { type Started, startedRun } from './start-run.ts'
import type { TaskDefinition } from './task-options.ts'
import type { TaskRunBody } from './task-run-body.ts'
import type { ToldTaskRun } from './terse-answers.ts'
import { isShort } from './turns.ts'

/** Starts a task run in the current scope and gives its future. Nothing is waited for. */
export function startTask<R>(
  task: TaskDefinition<any[], R>,
  args: readonly unknown[],
  waitFor: readonly unknown[],
): Future<R> {
  const scope = currentScope() ?? {}
  const around = scope.task ?? scope.flow
  around?.stop.signal.throwIfAborted()
  const keys = scope.task?.keys ?? scope.flow?.keys
  const dynamicKey = keys ? keyOf(task, args, keys) : crypto.randomUUID()
  const id = Promise.withResolvers<string>()
  const state = run(task, { scope, args, waitFor, dynamicKey }, id.resolve)
  state.catch(id.reject)
  const future = new Future<R>(
    `task run '${task.name}-${dynamicKey}'`,
    { runId: id.promise, taskRunId: id.promise },
    state,
  )
  track(scope, state)
  return future
}

/** The call's own key or, without one, its number. */
function keyOf({ name, fn, options }: TaskDefinition, args: readonly unknown[], keys: RunKeys): string {
  if (options.key === undefined) return keys.next(name)
  return keys.explicit(name, renderRunName(options.key, [...args], namedArguments(fn, args)))
}

interface Call {
  scope: Scope
  args: readonly unknown[]
  waitFor: readonly unknown[]
  dynamicKey: string
}

async function run<R>(
  task: TaskDefinition<any[], R>,
  call: Call,
  created: (id: string) => void,
): Promise<State<R>> {
  const { scope } = call
  const runtime = scope.runtime ?? (await connect())
  const release = scope.flow ? undefined : runtime.lease()
  try {
    return await runInScope({ ...scope, runtime }, () => createAndExecute(task, call, runtime, created))
  } finally {
    await release?.()
  }
}

async function createAndExecute<R>(
  task: TaskDefinition<any[], R>,
  call: Call,
  runtime: Runtime,
  created: (id: string) => void,
): Promise<State<R>> {
  const { scope, dynamicKey } = call
  const { options } = task
  const inputs = namedArguments(task.fn, call.args)
  const upstream = dependenciesOf(inputs, call.waitFor)
  const name =
    options.runName === undefined
      ? `${task.name}-${shortKey(dynamicKey)}`
      : renderRunName(options.runName, [...call.args], inputs)
  const body = await taskRunBody(task, call, { name, upstream })
  const slot =
    startsAtOnce(task, upstream) && (await runtime.pipeline?.isThere()) ? takeSlot(scope) : undefined
  const early =
    slot && mayBegin(task, body, call, runtime)
      ? new EarlyStart(runtime.api, body, { standing: scope.flow?.standing, flowStart: scope.flow?.start })
      : undefined
  const { run: taskRun, first } = early
    ? { run: early.run, first: undefined }
    : await createRun(runtime, body, { slot, standing: scope.flow?.standing })
  created(taskRun.id)
  const logPrints = options.logPrints ?? scope.flow?.logPrints ?? runtime.settings.logPrints
  if (logPrints) capturePrints()
  const execution: TaskExecution<R> = {
    task,
    runtime,
    scope,
    run: taskRun,
    first,
    early,
    slot,
    args: call.args,
    inputs,
    keys:
      scope.task || scope.flow
        ? (scope.task?.keys ?? scope.flow!.keys).within(task.name, dynamicKey)
        : // By key alone the runs of one call could not be told from those of another.
          new RunKeys(`${dynamicKey}.`),
    results: overlay(scope.flow?.results ?? runtime.results, options),
    logPrints,
  }
  const blocked = await resolveArguments(execution, call, upstream)
  const state =
    blocked ??
    (await executeTaskRun(execution).catch(async (error: unknown) => {
      // A completed run stays as it is when the code does not fit it any more.
      if (error instanceof ChangedStepError) throw error
      if (!(error instanceof RunError) && error !== (scope.task ?? scope.flow)?.stop.reason)
        await reportTaskCrash(execution, error)
      throw error
    }))
  if (state.isCompleted) rememberProducer(state.data, taskRun.id)
  return state
}

interface Upstream {
  byInput: [string, Dependencies][]
  any: boolean
}

function dependenciesOf(inputs: { [name: string]: unknown }, waitFor: readonly unknown[]): Upstream {
  const byInput: [string, Dependencies][] = []
  for (const [name, value] of Object.entries(inputs)) add(name, findDependencies(value))
  add('wait_for', findDependencies(waitFor))
  function add(name: string, found: Dependencies): void {
    if (found.taskRunIds.length > 0) byInput.push([name, found])
  }
  return { byInput, any: byInput.some(([, found]) => found.futures.length > 0) }
}

/** Whether nothing has to be known or waited for between the run's creation and its first Running. */
function startsAtOnce({ options }: TaskDefinition, upstream: Upstream): boolean {
  return !upstream.any && options.cachePolicy === undefined
}

function takeSlot({ flow }: Scope): Slot | undefined {
  return (flow?.limiter ?? unlimited).tryAcquire()
}

/**
 * Whether the function may be called while the start is on its way. The server has said moments ago that the flow
 * run is running, no limit or cached result can hold the run up, nobody is to see that it runs before it does, and
 * the function is known not to keep the start from leaving.
 */
function mayBegin(
  { name, options }: TaskDefinition,
  body: TaskRunBody,
  { scope: { flow, task, transaction } }: Call,
  { pipeline }: Runtime,
): boolean {
  if (task || transaction || options.onRunning || body.tags.length > 0 || body.name === '') return false
  return pipeline?.isOpen === true && isShort(name) && (!flow || flow.standing?.isRunning === true)
}

async function createRun(
  { api }: Runtime,
  taskRun: TaskRunBody,
  { slot, standing }: { slot: Slot | undefined; standing: Standing | undefined },
): Promise<Started<ToldTaskRun>> {
  if (!slot) return { run: await api.createTaskRun({ body: taskRun }), first: undefined }
  const state = identified({ type: 'RUNNING' })
  const { task_run, result, flow_run_state_type } = await api.startTaskRun({
    body: { task_run: taskRun, state },
  })
  if (result) standing?.hear(flow_run_state_type)
  return startedRun(task_run, result, state)
}

async function taskRunBody<R>(
  task: TaskDefinition<any[], R>,
  { scope, dynamicKey }: Call,
  { name, upstream }: { name: string; upstream: Upstream },
): Promise<TaskRunBody> {
  const { retries = 0, retryDelaySeconds, retryJitterFactor, version, tags = [] } = task.options
  const taskInputs: { [name: string]: { input_type: 'task_run'; id: string }[] } = {}
  for (const [input, { taskRunIds }] of upstream.byInput) {
    taskInputs[input] = [...new Set(await Promise.all(taskRunIds))].map((id) => ({
      input_type: 'task_run',
      id,
    }))
  }
  if (scope.task) taskInputs.__parents__ = [{ input_type: 'task_run', id: scope.task.id }]
  return {
    name,
    flow_run_id: scope.flow?.id ?? null,
    task_key: task.name,
    dynamic_key: dynamicKey,
    task_version: version ?? null,
    tags: [...new Set([...(scope.tags ?? []), ...tags])],
    task_inputs: taskInputs,
    empirical_policy: {
      retries,
      retry_delay: wireDelays(retryDelaySeconds, retries),
      retry_jitter_factor: retryJitterFactor ?? null,
    },
  }
}

/** Puts results in the place of futures; the state to end in when one of them has none. */
async function resolveArguments<R>(
  execution: TaskExecution<R>,
  { args }: Call,
  upstream: Upstream,
): Promise<State<R> | undefined> {
  if (!upstream.any) return undefined
  const futures = new Set(upstream.byInput.flatMap(([, found]) => found.futures))
  for (const future of futures) {
    const state = await future.state()
    if (state.isCompleted) continue
    const { task, flow } = execution.scope
    // It does not begin, and ends as the runs around it do.
    return (task ?? flow)?.stop.stopped ? undefined : notReady(execution, future.label)
  }
  execution.args = (await resolveFutures([...args])) as unknown[]
  execution.inputs = namedArguments(execution.task.fn, execution.args)
  return undefined
}

async function notReady<R>({ run, runtime, task }: TaskExecution<R>, upstream: string): Promise<State<R>> {
  const message = `Not run: ${upstream} did not complete.`
  const { state } = await runtime.api.setTaskRunState({
    params: { id: run.id },
    body: { state: identified({ type: 'PENDING', name: 'NotReady', message }), force: true },
  })
  const pending = new State<R>('PENDING', {
    name: 'NotReady',
    message,
    ...(state && { id: state.id, timestamp: state.timestamp }),
  })
  log.warn(`Task '${task.name}': ${message}`)
  return pending.with({ error: new UpstreamError(pending, upstream) })
}

/** Keys of nested calls are long; their last part is what people tell them apart by. */
function shortKey(dynamicKey: string): string {
  if (dynamicKey.startsWith(EXPLICIT)) return dynamicKey.slice(EXPLICIT.length)
  return dynamicKey.length > 24 ? dynamicKey.slice(0, 3) : dynamicKey
}
