import type { State } from '@reeve/orchestration/types'
import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import { serverState } from './server-state.ts'
import { transitionTaskRuns } from './task-run-transitions.ts'
import type { TaskRunProposal } from './task-run-transitions.ts'

/** A run that a worker takes, with the ids of the transitions that makes. */
export interface Taking {
  id: string
  pending: string
  /** Null when it is to be Pending only. */
  running: string | null
  /** Whether it is to run as a background task of a flow run that may be over. */
  deferred: boolean
}

export interface Taken {
  isTaken: boolean
  /** The state, if the run is running now. */
  running: State | undefined
}

const WORKER = { generation: '3.8', version: undefined, api_version: undefined } as const

/** Makes the runs Pending, which only the first to ask for it can, and Running, if they are to be and may. */
export async function takeTaskRuns(
  session: Session,
  takings: readonly Taking[],
  context: ModelContext,
): Promise<Taken[]> {
  const propose = (type: 'PENDING' | 'RUNNING', { id, pending, running, deferred }: Taking) => {
    const isPending = type === 'PENDING'
    const transition_id = isPending ? pending : running
    const state_details = { deferred: isPending || deferred, transition_id, task_run_id: id }
    const state = serverState(type, context, { state_details })
    return { task_run_id: id, state, force: false, client: WORKER }
  }
  const proposals: TaskRunProposal[] = takings.map((taking) => propose('PENDING', taking))
  const runningAt = takings.map((taking, follows) =>
    taking.running === null ? -1 : proposals.push({ ...propose('RUNNING', taking), follows }) - 1,
  )
  const outcomes = await transitionTaskRuns(session, proposals, context)
  return takings.map((_, index) => {
    const begun = outcomes[runningAt[index] as number]
    const running = begun?.status === 'ACCEPT' ? (begun.state ?? undefined) : undefined
    return { isTaken: outcomes[index]?.status === 'ACCEPT', running }
  })
}
