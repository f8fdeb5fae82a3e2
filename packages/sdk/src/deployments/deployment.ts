import type { JsonObject } from '@reeve/schemas/json'
import { ApiError } from '../client/api-error.ts'
import { createDeployment } from '../client/used-routes.ts'
import { encodeParameters, parametersSchema } from '../engine/flow-parameters.ts'
import type { FlowDefinition } from '../engine/flow-options.ts'
import type { Runtime } from '../engine/runtime.ts'
import { flowId } from '../engine/start-flow.ts'
import { type Schedule, wireSchedule } from './schedule.ts'

/** How runs of a deployment are started. */
export interface DeploymentOptions<P = { readonly [name: string]: unknown }> {
  /** What runs have that are given nothing else. */
  parameters?: Partial<P> | undefined
  /** Markdown. */
  description?: string | undefined
  /** The flow's own when left out. */
  version?: string | undefined
  /** Of all runs, beside those of the flow. */
  tags?: readonly string[] | undefined
  /** Runs at the same time, on whatever machine; unlimited when left out. */
  concurrencyLimit?: number | undefined
  /** What becomes of a run for which there is no place: it waits (`enqueue`, the default) or is cancelled. */
  whenFull?: 'enqueue' | 'cancel-new' | undefined
  /** Whether the server refuses runs whose parameters do not fit the flow's schema. Yes when left out. */
  enforceParameterSchema?: boolean | undefined
  /** Times at which the server starts runs. Prefect's server has them; this version of Reeve's refuses them. */
  schedules?: readonly Schedule<P>[] | undefined
}

/** A flow under a name by which the server can be asked to run it. Made by `flow.deployment()`. */
export class Deployment {
  readonly name: string
  readonly flow: FlowDefinition
  readonly options: DeploymentOptions<any>

  constructor(flow: FlowDefinition, name: string, options: DeploymentOptions<any>) {
    if (!name || /[/%&><]/.test(name))
      throw new TypeError(`The deployment name '${name}' must not be empty nor contain any of / % & > <`)
    this.flow = flow
    this.name = name
    this.options = options
  }

  /** As people and `runDeployment` call it. */
  get fullName(): string {
    return `${this.flow.name}/${this.name}`
  }
}

/** Makes the deployment on the server, or changes the one of this name; gives its id. */
export async function registerDeployment(
  { flow, name, fullName, options }: Deployment,
  runtime: Runtime,
): Promise<string> {
  const { concurrencyLimit, whenFull, schedules } = options
  const body = {
    name,
    flow_id: await flowId(flow.name, runtime),
    description: options.description ?? flow.options.description ?? null,
    version: options.version ?? flow.options.version ?? null,
    tags: [...new Set([...(flow.options.tags ?? []), ...(options.tags ?? [])])],
    parameters: encodeParameters(options.parameters ?? {}) as JsonObject,
    parameter_openapi_schema: parametersSchema(flow),
    enforce_parameter_schema: options.enforceParameterSchema ?? true,
    concurrency_limit: concurrencyLimit ?? null,
    ...(concurrencyLimit !== undefined && {
      concurrency_options: {
        collision_strategy: whenFull === 'cancel-new' ? 'CANCEL_NEW' : 'ENQUEUE',
      } as const,
    }),
    ...(schedules && { paused: false, schedules: schedules.map(wireSchedule) }),
  }
  try {
    const { id } = await runtime.api.call(createDeployment, { body })
    return id
  } catch (error) {
    if (schedules?.length && error instanceof ApiError && error.status === 422)
      throw new Error(
        `The server does not take the schedules of deployment '${fullName}': ${error.message}. Without ` +
          'schedules its runs are started by runDeployment(), also at a time in the future.',
        { cause: error },
      )
    throw error
  }
}
