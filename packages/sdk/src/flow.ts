import { Deployment, type DeploymentOptions } from './deployments/deployment.ts'
import { serve, type ServeOptions } from './deployments/serve.ts'
import type { ParametersOfArguments } from './deployments/typing.ts'
import { checkFunction, checkOptions } from './engine/check-definition.ts'
import { argumentsFrom } from './engine/flow-parameters.ts'
import type { FlowDefinition, FlowOptions } from './engine/flow-options.ts'
import type { Future } from './engine/future.ts'
import { resumeFlow } from './engine/resume-flow.ts'
import { startFlow } from './engine/start-flow.ts'
import type { SchemaInput, SchemaOutput, StandardSchema } from './engine/standard-schema.ts'
import type { State } from './engine/state.ts'
import type { Arguments, FlowOutcome, Inputs, Returned } from './engine/types.ts'

/** A function whose calls are flow runs; called inside of a flow, it is a subflow. */
export interface Flow<A extends unknown[], R> {
  /** Runs it here and now; gives the result or throws the failure. */
  (...args: Inputs<A>): Promise<R>
  readonly flowName: string
  /** The plain function, without any of it. */
  readonly fn: (...args: A) => unknown
  readonly options: FlowOptions<A, R>
  /** Starts it and goes on; the future is awaited later, or passed to tasks. */
  submit(...args: Inputs<A>): Future<R>
  /** Runs it and gives the final state; does not throw when the run fails. */
  returnState(...args: Inputs<A>): Promise<State<R>>
  /** The same flow, to be started only after these runs have completed. */
  waitFor(...runs: readonly (Future<unknown> | readonly Future<unknown>[])[]): Flow<A, R>
  /** The same flow with some options changed. */
  withOptions(options: FlowOptions<A, R>): Flow<A, R>
  /**
   * Carries out a flow run that the server already has, with the parameters it has there. Task runs which
   * were completed and whose results were kept are not repeated.
   */
  resume(flowRunId: string): Promise<R>
  /** Gives it a name by which the server can be asked to run it; see `serve` and `runDeployment`. */
  deployment(name: string, options?: DeploymentOptions<ParametersOfArguments<A>>): Deployment
  /** `serve` for one deployment of this flow. */
  serve(name: string, options?: DeploymentOptions<ParametersOfArguments<A>> & ServeOptions): Promise<void>
}

/** The one parameter, which may be left out where the schema takes undefined. */
type ParameterOf<S extends StandardSchema<any, any>> =
  undefined extends SchemaInput<S> ? [parameters?: SchemaInput<S>] : [parameters: SchemaInput<S>]

/**
 * Makes a flow of a function.
 * @example
 * const etl = flow(async (table: string) => load(await extract(table)), { name: 'etl', retries: 1 })
 * await etl('orders')
 */
export function flow<S extends StandardSchema<any, any>, R>(
  fn: (parameters: SchemaOutput<S>) => R,
  options: FlowOptions<ParameterOf<S>, FlowOutcome<R>> & { parameters: S },
): Flow<ParameterOf<S>, FlowOutcome<R>>
export function flow<F extends Function>(
  fn: F,
  options?: FlowOptions<Arguments<F>, FlowOutcome<Returned<F>>> & { parameters?: undefined },
): Flow<Arguments<F>, FlowOutcome<Returned<F>>>
export function flow(
  fn: (...args: any[]) => unknown,
  options: FlowOptions<any[], any> = {},
): Flow<any[], any> {
  checkFunction('flow', fn)
  const name = options.name ?? fn.name
  if (!name)
    throw new TypeError('A flow made of a function without a name needs one: flow(fn, { name: "…" })')
  if (/[/%&><]/.test(name)) throw new TypeError(`The flow name '${name}' may not contain any of / % & > <`)
  return makeFlow({ name, fn, options }, [])
}

function makeFlow<A extends unknown[], R>(
  definition: FlowDefinition<A, R>,
  waitFor: readonly unknown[],
): Flow<A, R> {
  checkOptions(`flow '${definition.name}'`, definition.options)
  const submit = (...args: unknown[]) => startFlow<R>(definition, args, waitFor)
  return Object.assign((...args: unknown[]) => submit(...args).result(), {
    flowName: definition.name,
    fn: definition.fn,
    options: definition.options,
    submit,
    returnState: (...args: unknown[]) => submit(...args).state(),
    waitFor: (...runs: unknown[]) => makeFlow(definition, [...waitFor, ...runs]),
    withOptions: (change: FlowOptions<A, R>) => {
      const options = { ...definition.options, ...change }
      return makeFlow({ ...definition, options, name: options.name ?? definition.name }, waitFor)
    },
    resume: async (flowRunId: string) => {
      const state = await resumeFlow<R>(definition, flowRunId, (parameters) =>
        argumentsFrom(definition, parameters),
      )
      return state.result()
    },
    deployment: (deploymentName: string, options = {}) => new Deployment(definition, deploymentName, options),
    serve: (deploymentName: string, options: DeploymentOptions<any> & ServeOptions = {}) =>
      serve([new Deployment(definition, deploymentName, options)], options),
  }) as unknown as Flow<A, R>
}
