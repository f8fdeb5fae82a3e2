import type { DeploymentFacts } from '@reeve/orchestration/types'
import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import { readDeploymentFacts, readFlowRunFacts } from './flow-run-facts.ts'
import type { LoadedFlowRun } from './flow-run-facts.ts'
import { positionForDeployment, readHolders } from './limit-holders.ts'
import { reasonsOfState } from './waiting.ts'
import type { Reason, Waiting } from './waiting.ts'

/** Why a flow run is not running, from the facts that the rules use. Undefined when there is no such run. */
export async function readFlowRunWaiting(
  session: Session,
  flowRunId: string,
  context: ModelContext,
): Promise<Waiting | undefined> {
  const loaded = await readFlowRunFacts(session, flowRunId)
  if (!loaded) return undefined
  const { current: state, row } = loaded
  const told = reasonsOfState(state, context.clock.now())
  const deployment = await readDeploymentFacts(session, row.deployment_id, context, { lock: false })
  const reasons = told ?? []
  if (state?.type === 'SCHEDULED') reasons.push(...(await limitReasons(session, flowRunId, deployment)))
  if (!told && reasons.length === 0) reasons.push(nobodyStarted(loaded))
  return { id: flowRunId, state, reasons }
}

async function limitReasons(
  session: Session,
  flowRunId: string,
  deployment: DeploymentFacts | null | undefined,
): Promise<Reason[]> {
  if (deployment === null)
    return [{ kind: 'rule', message: 'Its deployment is gone, so no slot can be given to it.' }]
  const limit = deployment?.limit
  if (!deployment || !limit || limit.active_slots + 1 <= limit.limit) return []
  const message = `All ${limit.limit} runs that its deployment allows at once are under way.`
  const holders = await readHolders(session, limit.id)
  const position = await positionForDeployment(session, flowRunId, deployment.id)
  return [{ kind: 'limit', message, limit, holders, position }]
}

function nobodyStarted({ row, current }: LoadedFlowRun): Reason {
  if (row.work_queue_name !== null) {
    const message = `No worker has taken it from the work queue "${row.work_queue_name}" yet.`
    return { kind: 'worker', message, task_key: null, work_queue_name: row.work_queue_name, workers: [] }
  }
  const whose =
    row.deployment_id === null ? 'the program that made it' : 'the process that serves its deployment'
  return { kind: 'client', message: `It is ${current?.name} and may run: ${whose} has not started it yet.` }
}
