import { isTerminal } from '@reeve/schemas/state-type'
import { MissingContextError, SuspendedRun } from './errors.ts'
import type { FlowScope } from './flow-scope.ts'
import { identified } from './identified.ts'
import { propose, type Verdict } from './propose.ts'
import type { Runtime } from './runtime.ts'
import { currentScope, type Scope } from './scope.ts'
import { sleepSeconds } from '../client/sleep.ts'
import { stoppedProposal } from './stopped-proposal.ts'
import type { ToldTaskRun } from './terse-answers.ts'
import { track } from './track.ts'
import { fromWire, type Proposal } from './wire-state.ts'

/** A task run that stands for waiting: it runs nothing, but says on the server what is waited for. */
export interface WaitingRun {
  readonly runtime: Runtime
  readonly flow: FlowScope
  readonly scope: Scope
  readonly run: ToldTaskRun
}

export interface WaitingFor {
  /** How messages call it: `sleep()`. */
  what: string
  taskKey: string
  key: string | undefined
  state: Proposal
}

/**
 * Calls `wait` with the task run for this place in the flow: a new one in the given state or, when the flow
 * run is carried out again, the one of the first time. The flow run does not end before it.
 */
export function asWaitingRun<T>(
  { what, taskKey, key, state }: WaitingFor,
  wait: (waiting: WaitingRun) => Promise<T>,
): Promise<T> {
  const scope = currentScope()
  const { flow, task, runtime } = scope ?? {}
  if (!scope || !flow || !runtime || task) throw new MissingContextError(what, 'a flow, outside of its tasks')
  flow.stop.signal.throwIfAborted()
  const dynamicKey = key === undefined ? flow.keys.next(taskKey) : flow.keys.explicit(taskKey, key)
  const waited = (async () => {
    await flow.unsettled.settled()
    const run = await runtime.api.createTaskRun({
      body: {
        name: `${taskKey}-${key ?? dynamicKey}`,
        flow_run_id: flow.id,
        task_key: taskKey,
        dynamic_key: dynamicKey,
        state,
      },
    })
    const waiting = { runtime, flow, scope, run }
    if (run.state && run.state.type !== 'COMPLETED' && isTerminal(run.state.type))
      await become(waiting, { ...state, state_details: { ...state.state_details, ...keptTime(run) } })
    try {
      return await wait(waiting)
    } catch (error) {
      if (flow.stop.stopped && error === flow.stop.reason)
        await become(waiting, { ...stoppedProposal(error), state_details: keptTime(run) }).catch(() => {})
      throw error
    }
  })()
  track(scope, waited)
  return waited
}

/** Ends the waiting run; what it waited for is in `data`. */
export function endWaiting(waiting: WaitingRun, data: Proposal['data']): Promise<void> {
  return become(waiting, { type: 'COMPLETED', data })
}

async function become({ runtime, flow, run }: WaitingRun, proposal: Proposal): Promise<void> {
  const state = identified(proposal)
  await propose(
    () => runtime.api.setTaskRunState({ params: { id: run.id }, body: { state } }),
    (seconds) => sleepSeconds(seconds, flow.stop.signal, runtime.clock),
  )
}

/** A wait that is cut short keeps its time, for when the flow run is carried out again. */
function keptTime({ state }: ToldTaskRun): Proposal['state_details'] {
  const { scheduled_time } = state?.state_details ?? {}
  return scheduled_time ? { scheduled_time } : {}
}

/** Lets the flow run go until then: whoever runs its deployment, or `resume`, takes it up again. */
export async function suspendUntil(
  { runtime, flow }: WaitingRun,
  due: string,
  message: string,
): Promise<never> {
  const state = identified({
    type: 'SCHEDULED',
    name: 'Sleeping',
    message,
    state_details: { scheduled_time: due },
  })
  const verdict: Verdict = await propose(
    () => runtime.api.setFlowRunState({ params: { id: flow.id }, body: { state } }),
    (seconds) => sleepSeconds(seconds, flow.stop.signal, runtime.clock),
  )
  if (verdict.kind !== 'accept') throw new Error(`The flow run could not be suspended: ${verdict.reason}`)
  throw new SuspendedRun(fromWire(verdict.state), `Flow run '${flow.name}' is suspended until ${due}`)
}

/** A shorter wait is over before another process could take the run up. */
const SHORTEST_SUSPENSION_SECONDS = 0.5

/** Whether the process is to be let go for a wait of so many seconds. */
export function suspends(
  { runtime, flow }: WaitingRun,
  seconds: number,
  asked: boolean | undefined,
): boolean {
  // A subflow lives in the process of its parent, which waits for it.
  if (seconds < SHORTEST_SUSPENSION_SECONDS || flow.parent) return false
  return asked ?? (flow.deploymentId !== undefined && seconds > runtime.settings.suspendAfterSeconds)
}
