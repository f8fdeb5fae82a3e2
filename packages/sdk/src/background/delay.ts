import { orderedUuid } from '@reeve/schemas/ordered-uuid'
import { connect } from '../engine/connect.ts'
import { wireDelays } from '../engine/delays.ts'
import { identified } from '../engine/identified.ts'
import { findDependencies, resolveFutures } from '../engine/inputs.ts'
import { namedArguments } from '../engine/parameter-names.ts'
import { renderRunName } from '../engine/run-name.ts'
import type { Runtime } from '../engine/runtime.ts'
import { currentScope, type Scope } from '../engine/scope.ts'
import type { TaskDefinition } from '../engine/task-options.ts'
import { overlay } from '../results/result-policy.ts'
import type { ToldTaskRun } from '../engine/terse-answers.ts'
import { traceLabels } from '../engine/tracing.ts'
import { BackgroundRun } from './background-run.ts'
import { keepParameters, type KeptParameters } from './parameters.ts'

/**
 * Creations that are on their way at the same time. Over a pipeline many share a transaction; a server that is
 * asked by REST, above all Prefect's on SQLite, answers hardly any when there are many.
 */
const CONCURRENT_CREATIONS = { pipeline: 500, rest: 8 }

/** Creates one background run for each list of arguments; all are on the server when it resolves. */
export async function delayAll<R>(
  task: TaskDefinition<any[], R>,
  calls: readonly (readonly unknown[])[],
  waitFor: readonly unknown[],
): Promise<BackgroundRun<R>[]> {
  const scope = currentScope() ?? {}
  ;(scope.task ?? scope.flow)?.stop.signal.throwIfAborted()
  const runtime = scope.runtime ?? (await connect())
  const keys = scope.task?.keys ?? scope.flow?.keys
  const release = runtime.lease()
  const atOnce = CONCURRENT_CREATIONS[(await runtime.pipeline?.isThere()) ? 'pipeline' : 'rest']
  try {
    const numbered = calls.map((args) => {
      const dynamicKey = keys?.next(task.name) ?? `${task.name}-${orderedUuid()}`
      return { args, waitFor, dynamicKey, scope }
    })
    const runs: BackgroundRun<R>[] = []
    const left = numbered.entries()
    const create = async () => {
      for (const [index, call] of left) runs[index] = await delayOne(task, call, runtime)
    }
    await Promise.all(Array.from({ length: atOnce }, create))
    return runs
  } finally {
    await release()
  }
}

interface Call {
  args: readonly unknown[]
  waitFor: readonly unknown[]
  dynamicKey: string
  scope: Scope
}

async function delayOne<R>(
  task: TaskDefinition<any[], R>,
  call: Call,
  runtime: Runtime,
): Promise<BackgroundRun<R>> {
  const results = overlay(call.scope.flow?.results ?? runtime.results, task.options)
  const inputs = namedArguments(task.fn, call.args)
  // A worker cannot wait for runs of this process, so that is done before it is asked.
  for (const future of findDependencies([call.args, call.waitFor]).futures) await future.result()
  const args = (await resolveFutures([...call.args])) as unknown[]
  const parameters = await keepParameters(results, task.fn, args)
  const run = await createRun(task, call, { inputs, args, parameters }, runtime)
  return new BackgroundRun<R>(run, runtime, results)
}

interface Prepared {
  inputs: { [name: string]: unknown }
  args: unknown[]
  parameters: KeptParameters
}

async function createRun<R>(
  task: TaskDefinition<any[], R>,
  { waitFor, dynamicKey, scope }: Call,
  { inputs, args, parameters }: Prepared,
  { api, clock }: Runtime,
): Promise<ToldTaskRun> {
  const { retries = 0, retryDelaySeconds, retryJitterFactor, version, tags = [], runName } = task.options
  const taskInputs: { [name: string]: { input_type: 'task_run'; id: string }[] } = {}
  for (const [name, value] of Object.entries({ ...inputs, wait_for: waitFor })) {
    const ids = await Promise.all(findDependencies(value).taskRunIds)
    if (ids.length > 0) taskInputs[name] = [...new Set(ids)].map((id) => ({ input_type: 'task_run', id }))
  }
  if (scope.task) taskInputs.__parents__ = [{ input_type: 'task_run', id: scope.task.id }]
  return api.createTaskRun({
    body: {
      name: runName === undefined ? task.name : renderRunName(runName, args, namedArguments(task.fn, args)),
      flow_run_id: scope.flow?.id ?? null,
      task_key: task.name,
      dynamic_key: dynamicKey,
      task_version: version ?? null,
      tags: [...new Set([...(scope.tags ?? []), ...tags])],
      task_inputs: taskInputs,
      labels: { ...parameters.labels, ...(await traceLabels()) },
      empirical_policy: {
        retries,
        retry_delay: wireDelays(retryDelaySeconds, retries),
        retry_jitter_factor: retryJitterFactor ?? null,
      },
      state: identified({
        type: 'SCHEDULED',
        state_details: {
          deferred: true,
          scheduled_time: new Date(clock.now()).toISOString(),
          task_parameters_id: parameters.id,
        },
      }),
    },
  })
}
