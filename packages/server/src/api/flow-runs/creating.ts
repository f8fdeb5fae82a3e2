import type { FlowRunCreate } from '@reeve/schemas/flow-run'
import type { Session } from '../../database/session.ts'
import type { FlowRunCreation } from '../../models/flow-run-creation.ts'
import { serverState } from '../../models/server-state.ts'
import { readPoolQueue } from '../../models/work-queues.ts'
import type { Answer } from '../answer.ts'
import { refuse } from '../answer.ts'
import { createdBy } from '../created-by.ts'
import type { Call } from '../endpoint.ts'
import { parametersTooLarge } from '../parameters-size.ts'
import { proposedState } from '../proposed-state.ts'

/** Calls `create`, in a transaction, with what a request to create a flow run comes to, or answers what is wrong. */
export async function creating(
  { context, client, headers }: Pick<Call, 'context' | 'client' | 'headers'>,
  asked: FlowRunCreate,
  create: (session: Session, creation: FlowRunCreation) => Promise<Answer>,
): Promise<Answer> {
  const { state, work_pool_name, work_queue_name, ...flowRun } = asked
  const tooLarge = parametersTooLarge(flowRun.parameters, context.settings.max_parameter_bytes, asked)
  if (tooLarge) return tooLarge
  const first = state ? proposedState(state, context) : serverState('PENDING', context)
  return context.database.write(async (session) => {
    const queue = work_pool_name ? await readPoolQueue(session, work_pool_name, work_queue_name) : null
    if (queue === undefined) return refuse(404, `Work pool "${work_pool_name}" or its queue not found.`)
    const created_by = createdBy(headers)
    return create(session, { flowRun, state: first, work_queue: queue, created_by, client })
  })
}
