import type { FlowRun } from '@reeve/schemas/flow-run'
import { isNotFound } from '../client/api-error.ts'
import { wireFlowDelay } from '../engine/delays.ts'
import { AbortedRun, describeError } from '../engine/errors.ts'
import { argumentsFrom, namedParameters } from '../engine/flow-parameters.ts'
import { identified } from '../engine/identified.ts'
import { renderRunName } from '../engine/run-name.ts'
import type { Runtime } from '../engine/runtime.ts'
import { runInScope } from '../engine/scope.ts'
import { executeKnownRun } from '../engine/start-flow.ts'
import type { Stop } from '../engine/stop.ts'
import { log } from '../logs/logger.ts'
import type { Deployment } from './deployment.ts'
import { ownSignature } from '../owner.ts'

export interface DeploymentCall {
  run: FlowRun
  /** The run is this process's already; otherwise it has to be taken first. */
  isOurs: boolean
  deployment: Deployment
  runtime: Runtime
  stop: Stop
}

/**
 * Takes the run, unless another process has it or the server says no, and carries it to its end or its
 * suspension. Tells whether it was taken.
 */
export async function carryOut(call: DeploymentCall): Promise<boolean> {
  const { run, isOurs, deployment, runtime, stop } = call
  if (!isOurs && !(await take(run, runtime))) return false
  const { flow } = deployment
  let args: unknown[]
  try {
    args = argumentsFrom(flow, run.parameters)
    await describe(call, args)
  } catch (error) {
    await reportCrash(call, error)
    throw error
  }
  const scope = { runtime }
  try {
    await runInScope(scope, () => executeKnownRun({ flow, run, args, scope, runtime, stop }))
  } catch (error) {
    if (!(error instanceof AbortedRun)) throw error
    log.warn(error.message)
  }
  return true
}

/** Only one process can make a scheduled run pending, so only one carries it out. */
async function take({ id, name }: FlowRun, { api }: Runtime): Promise<boolean> {
  const state = identified({ type: 'PENDING', message: ownSignature() })
  try {
    const { status, details } = await api.setFlowRunState({ params: { id }, body: { state } })
    if (status === 'ACCEPT') return true
    // An answer may have been lost, after which another server than ours takes the repetition for a second claim.
    const now = (await api.readFlowRun({ params: { id } })).state
    const { transition_id } = state.state_details
    if (now?.type === 'PENDING' && now.state_details.transition_id === transition_id) return true
    if ('reason' in details) log.debug(`Flow run '${name}' is not begun: ${details.reason}`)
    return false
  } catch (error) {
    if (isNotFound(error)) return false
    throw error
  }
}

/** Who has the run, and what the flow's options say of runs that the server made without them. */
async function describe({ run, deployment, runtime }: DeploymentCall, args: unknown[]): Promise<void> {
  const { runName, version, retries, retryDelaySeconds } = deployment.flow.options
  const isFirst = run.run_count === 0
  const policy = run.empirical_policy
  await runtime.api.updateFlowRun({
    params: { id: run.id },
    body: {
      infrastructure_pid: ownSignature(),
      ...(isFirst &&
        runName !== undefined && {
          name: renderRunName(runName, args, namedParameters(deployment.flow, args)),
        }),
      ...(isFirst && version !== undefined && { flow_version: version }),
      ...(policy.retries === null &&
        retries !== undefined && {
          empirical_policy: { ...policy, retries, retry_delay: wireFlowDelay(retryDelaySeconds) },
        }),
    },
  })
}

async function reportCrash({ run, runtime }: DeploymentCall, error: unknown): Promise<void> {
  const state = identified({ type: 'CRASHED', message: describeError(error) })
  await runtime.api.setFlowRunState({ params: { id: run.id }, body: { state } }).catch(() => {})
}
