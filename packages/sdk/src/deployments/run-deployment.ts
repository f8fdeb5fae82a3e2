import type { FlowRun } from '@reeve/schemas/flow-run'
import { isNotFound } from '../client/api-error.ts'
import { createFlowRunFromDeployment, readDeploymentByName } from '../client/used-routes.ts'
import { connect } from '../engine/connect.ts'
import { encodeParameters } from '../engine/flow-parameters.ts'
import { identified } from '../engine/identified.ts'
import { findDependencies, resolveFutures } from '../engine/inputs.ts'
import type { Runtime } from '../engine/runtime.ts'
import { currentScope, type Scope } from '../engine/scope.ts'
import { createTrackingRun, latestChild } from '../engine/start-flow.ts'
import { overlay, type ResultOptions } from '../results/result-policy.ts'
import type { AnyFlow, ParametersOf, ResultOf } from './typing.ts'
import { DeploymentRun } from './deployment-run.ts'

/** Options of `runDeployment()`. */
export interface RunDeploymentOptions<P = { readonly [name: string]: unknown }> extends Pick<
  ResultOptions,
  'resultStorage' | 'resultSerializer'
> {
  /** Over those of the deployment; futures may be among them. */
  parameters?: P | undefined
  /** Not before then; at once when left out. */
  at?: Date | undefined
  /** The run's name; a random one when left out. */
  runName?: string | undefined
  tags?: readonly string[] | undefined
  /** Calls with the same key make one run. */
  idempotencyKey?: string | undefined
  /** Whether the run shows as a subflow of the flow run that asks for it. Yes when left out. */
  asSubflow?: boolean | undefined
}

/**
 * Asks the server to run a deployment, which `serve` or a worker does, in whatever language the flow is written.
 * Resolves when the server has the run. In a flow that is carried out again it gives the run of the first time.
 * Throws when there is no such deployment or it refuses the parameters.
 * @example
 * const run = await runDeployment<typeof etl>('etl/nightly', { parameters: { table: 'orders' } })
 * const rows = await run.result()
 */
export async function runDeployment<F extends AnyFlow = AnyFlow>(
  name: `${string}/${string}`,
  options: RunDeploymentOptions<ParametersOf<F>> = {},
): Promise<DeploymentRun<ResultOf<F>>> {
  const scope = currentScope() ?? {}
  ;(scope.task ?? scope.flow)?.stop.signal.throwIfAborted()
  const dynamicKey =
    scope.flow && options.asSubflow !== false ? (scope.task?.keys ?? scope.flow.keys).next(name) : undefined
  const runtime = scope.runtime ?? (await connect())
  const release = runtime.lease()
  try {
    const run = await createRun({ name, scope, dynamicKey }, options, runtime)
    return new DeploymentRun(run, runtime, overlay(scope.flow?.results ?? runtime.results, options))
  } finally {
    await release()
  }
}

interface Call {
  name: string
  scope: Scope
  /** Set for subflows: which call of the parent this is. */
  dynamicKey: string | undefined
}

async function createRun(
  { name, scope, dynamicKey }: Call,
  options: RunDeploymentOptions<unknown>,
  runtime: Runtime,
): Promise<FlowRun> {
  const given = (options.parameters ?? {}) as { readonly [name: string]: unknown }
  const tracking =
    dynamicKey === undefined
      ? undefined
      : await createTrackingRun({ name, dynamicKey, inputs: given, scope }, runtime)
  const earlier = tracking && (await latestChild(runtime, tracking.id))
  if (earlier) return earlier
  for (const future of findDependencies(given).futures) await future.state()
  const parameters = (await resolveFutures(given)) as { [name: string]: unknown }
  const { id } = await deploymentNamed(name, runtime)
  const { at, runName, tags = [], idempotencyKey = tracking?.id ?? crypto.randomUUID() } = options
  await scope.flow?.unsettled.settled()
  return runtime.api.call(createFlowRunFromDeployment, {
    params: { id },
    body: {
      state: at
        ? identified({ type: 'SCHEDULED', state_details: { scheduled_time: at.toISOString() } })
        : null,
      name: runName ?? null,
      parameters: encodeParameters(parameters),
      tags: [...new Set([...(scope.tags ?? []), ...tags])],
      idempotency_key: idempotencyKey,
      parent_task_run_id: tracking?.id ?? null,
    },
  })
}

async function deploymentNamed(name: string, { api, connection }: Runtime) {
  const slash = name.indexOf('/')
  const params = { flow_name: name.slice(0, slash), deployment_name: name.slice(slash + 1) }
  try {
    return await api.call(readDeploymentByName, { params })
  } catch (error) {
    if (!isNotFound(error)) throw error
    throw new Error(
      `There is no deployment '${name}' at ${connection.url}. Its name is that of the flow, a slash and its own; ` +
        'serve() puts it there.',
      { cause: error },
    )
  }
}
