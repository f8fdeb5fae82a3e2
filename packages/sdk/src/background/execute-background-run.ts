import type { WaitingTaskRun } from '@reeve/schemas/task-run'
import { isNotFound } from '../client/api-error.ts'
import type { EngineApi } from '../engine/api.ts'
import { describeError } from '../engine/errors.ts'
import { executeTaskRun, reportTaskCrash, type TaskExecution } from '../engine/execute-task.ts'
import { identified } from '../engine/identified.ts'
import type { Slot } from '../engine/limiter.ts'
import { namedArguments } from '../engine/parameter-names.ts'
import { RunKeys } from '../engine/run-keys.ts'
import type { Runtime } from '../engine/runtime.ts'
import { RunError } from '../engine/state.ts'
import type { Stop } from '../engine/stop.ts'
import type { TaskDefinition } from '../engine/task-options.ts'
import { log } from '../logs/logger.ts'
import { overlay } from '../results/result-policy.ts'
import type { Taken, TransitionIds } from './subscription.ts'
import { inlineArguments, readParameters } from './parameters.ts'
import { tellEnd } from './tell-end.ts'

/** What a worker gives to a run that it carries out. */
export interface BackgroundCall {
  task: TaskDefinition
  run: WaitingTaskRun
  runtime: Runtime
  slot: Slot
  /** Stops the run. */
  stop: Stop
  /** Makes the run go to another worker if it only waits; stops with `stop` at the latest. */
  leave: Stop
  /** Makes the run this worker's own, or tells that it cannot be; lets it begin at once if it `starts`. */
  take: (options: { starts: boolean; deferred: boolean }) => Promise<Taken>
}

/** Carries out a run that the server handed out, unless it is no longer there to be taken. Does not throw. */
export async function executeBackgroundRun(call: BackgroundCall): Promise<void> {
  const { run, runtime, task, leave, stop } = call
  try {
    const inFlow = run.flow_run_id !== null
    // What the cache needs to know is told with Running.
    const { isOurs, running } = await call.take({
      starts: task.options.cachePolicy === undefined,
      deferred: inFlow,
    })
    if (!isOurs) return
    const args = await argumentsOf(call)
    if (!args) return await tellEnd(run, runtime)
    const execution: TaskExecution<unknown> = {
      task,
      runtime,
      scope: { runtime },
      // It is in no final state whose result could be taken over.
      run: { ...run, state: null },
      args,
      inputs: namedArguments(task.fn, args),
      keys: new RunKeys(`${run.id}.`),
      results: overlay(runtime.results, task.options),
      logPrints: task.options.logPrints ?? runtime.settings.logPrints,
      slot: call.slot,
      first: running && { kind: 'accept', state: running },
      background: {
        stop,
        leave,
        // A run of a flow that may be over by now would not be let go on as one of its own.
        details: inFlow ? { deferred: true } : {},
      },
    }
    const state = await executeTaskRun(execution).catch(async (error: unknown) => {
      if (leave.stopped) return void (await handBack(call))
      if (!(error instanceof RunError)) await reportTaskCrash(execution, error)
      log.error(`Task run '${run.name}' cannot go on: ${describeError(error)}`)
    })
    await tellEnd(run, runtime, state ?? undefined)
  } catch (error) {
    log.error(`Background run '${run.name}' of task '${task.name}' is lost: ${describeError(error)}`)
  }
}

/** Only one worker can make a scheduled run pending, so only one carries it out. */
export async function proposePending(
  api: EngineApi,
  taskRunId: string,
  { pending, running }: TransitionIds,
): Promise<Taken> {
  try {
    const { status } = await api.setTaskRunState({
      params: { id: taskRunId },
      body: { state: { type: 'PENDING', state_details: { deferred: true, transition_id: pending } } },
    })
    if (status === 'ACCEPT') return { isOurs: true }
    if (running === null) return { isOurs: false }
    // It may have begun, for this worker, on a connection that was lost before it was told.
    const { state } = await api.readTaskRun({ params: { id: taskRunId } })
    const isOurs = state?.type === 'RUNNING' && state.state_details.transition_id === running
    return isOurs ? { isOurs, running: state } : { isOurs }
  } catch (error) {
    if (isNotFound(error)) return { isOurs: false }
    throw error
  }
}

async function argumentsOf({ run, runtime, task }: BackgroundCall): Promise<unknown[] | undefined> {
  const inline = inlineArguments(run.labels, task.fn)
  if (inline) return inline
  const id = await parametersId(run, runtime)
  if (!id) return []
  const { storage } = overlay(runtime.results, task.options)
  let problem = `They are not in its ${storage.type} storage; give the task a resultStorage that caller and worker share`
  try {
    const args = await readParameters(storage, id, task.fn)
    if (args) return args
  } catch (error) {
    problem = describeError(error)
  }
  const message = `The arguments of the run cannot be read. ${problem}`
  log.error(`Task run '${run.name}' fails. ${message}`)
  await runtime.api.setTaskRunState({
    params: { id: run.id },
    body: { state: identified({ type: 'CRASHED', message }) },
  })
  return undefined
}

/** A run that waits to be tried again says it only in the state with which it began. */
async function parametersId({ id, state }: WaitingTaskRun, { api }: Runtime): Promise<string | null> {
  const known = state?.state_details.task_parameters_id
  if (known) return known
  if (state?.name !== 'AwaitingRetry') return null
  const states = await api.readTaskRunStates({ query: { task_run_id: id } })
  return (
    states.findLast((each) => each.state_details.task_parameters_id)?.state_details.task_parameters_id ?? null
  )
}

/** Lets a run that waits for its time, or to be tried again, go to another worker. */
async function handBack({ run, runtime }: BackgroundCall): Promise<void> {
  const { state } = await runtime.api.readTaskRun({ params: { id: run.id } })
  if (state?.type !== 'SCHEDULED' && state?.type !== 'PENDING') return
  const { scheduled_time } = state.state_details
  await runtime.api.setTaskRunState({
    params: { id: run.id },
    body: {
      state: identified({
        type: 'SCHEDULED',
        name: state.type === 'SCHEDULED' ? state.name : 'Scheduled',
        message: 'Its worker stopped',
        state_details: {
          deferred: true,
          scheduled_time: scheduled_time ?? new Date(runtime.clock.now()).toISOString(),
          task_parameters_id: run.state?.state_details.task_parameters_id ?? null,
        },
      }),
    },
  })
  log.info(`Task run '${run.name}' is handed back to wait for another worker`)
}
