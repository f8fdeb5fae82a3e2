import {
  firstCancelling,
  readStuckCancelling,
  readSubflowsOfCancelled,
  readTaskRunsOfCancelled,
} from '../models/overdue-flow-runs.ts'
import { SERVER_CLIENT } from '../models/rule-context.ts'
import { serverState } from '../models/server-state.ts'
import { transitionTaskRuns } from '../models/task-run-transitions.ts'
import type { Context } from '../context.ts'
import type { Service } from './service.ts'

const DAY = 86_400_000_000
const CANCELLING_TIMEOUT = 300_000_000
const MOST = 100

/** Ends what a cancelled run left behind: its task runs, its subflows, and cancellations that never ended. */
export const cancellationCleanup: Service = {
  name: 'cancellation-cleanup',
  every: 20,
  async due(session) {
    const since = await firstCancelling(session)
    return since === undefined ? undefined : since + CANCELLING_TIMEOUT
  },
  async run(context, now) {
    return (
      (await cancelTaskRuns(context, now - DAY)) +
      (await cancelSubflows(context)) +
      (await endStuckCancelling(context, now - CANCELLING_TIMEOUT))
    )
  },
}

async function cancelTaskRuns(context: Context, since: number): Promise<number> {
  const runs = await context.database.read((session) => readTaskRunsOfCancelled(session, since, MOST))
  const proposals = runs.map(({ id, state_id: seen }) => ({
    task_run_id: id,
    state: serverState('CANCELLED', context, { message: 'The parent flow run was cancelled.' }),
    force: true,
    client: SERVER_CLIENT,
    seen,
  }))
  const moved = await context.database.write((session) => transitionTaskRuns(session, proposals, context))
  return moved.filter(Boolean).length
}

async function cancelSubflows(context: Context): Promise<number> {
  const subflows = await context.database.read((session) => readSubflowsOfCancelled(session, MOST))
  const due = subflows.filter((run) => run.deployment_id === null || run.state_type !== 'CANCELLING')
  const moved = due.map(({ id, state_id: seen, deployment_id }) => {
    const state = serverState(deployment_id === null ? 'CANCELLED' : 'CANCELLING', context, {
      message: 'The parent flow run was cancelled.',
    })
    const proposal = { flow_run_id: id, state, policy: 'force' as const, client: SERVER_CLIENT, seen }
    return context.hotPath.setFlowRunState(proposal)
  })
  return (await Promise.all(moved)).filter(Boolean).length
}

async function endStuckCancelling(context: Context, before: number): Promise<number> {
  const runs = await context.database.read((session) => readStuckCancelling(session, before))
  const moved = runs.map(({ id, state_id: seen }) => {
    const state = serverState('CANCELLED', context, {
      message: 'The run did not end within the time it had to cancel.',
    })
    const proposal = { flow_run_id: id, state, policy: 'core' as const, client: SERVER_CLIENT, seen }
    return context.hotPath.setFlowRunState(proposal)
  })
  return (await Promise.all(moved)).filter(Boolean).length
}
