import type { FlowRunCreate } from '@reeve/schemas/flow-run'
import type { BegunFlowRun, FlowRunBeginning } from '../../models/flow-run-starts.ts'
import { serverState } from '../../models/server-state.ts'
import { readPoolQueue } from '../../models/work-queues.ts'
import type { Answer } from '../answer.ts'
import { refuse } from '../answer.ts'
import { createdBy } from '../created-by.ts'
import type { Call } from '../endpoint.ts'
import { parametersTooLarge } from '../parameters-size.ts'
import { proposedState } from '../proposed-state.ts'

interface Beginning extends Pick<FlowRunBeginning, 'proposal' | 'taskRuns'> {
  /** In microseconds; left out, it begins now. */
  began?: number
}

/** Creates what a request to create a flow run asks for, or answers what is wrong with it. */
export async function creating(
  { context, client, headers }: Pick<Call, 'context' | 'client' | 'headers'>,
  asked: FlowRunCreate & { id?: string | null },
  { began, ...beginning }: Beginning = {},
): Promise<BegunFlowRun | { refused: Answer }> {
  const { state, work_pool_name: pool, work_queue_name, ...flowRun } = asked
  const tooLarge = parametersTooLarge(flowRun.parameters, context.settings.max_parameter_bytes, asked)
  if (tooLarge) return { refused: tooLarge }
  const first = state ? proposedState(state, context) : serverState('PENDING', context)
  const queue = pool
    ? await context.database.read((session) => readPoolQueue(session, pool, work_queue_name))
    : null
  if (queue === undefined) return { refused: refuse(404, `Work pool "${pool}" or its queue not found.`) }
  return context.hotPath.createFlowRun({
    flowRun,
    state: began === undefined ? first : { ...first, timestamp: began - 1 },
    work_queue: queue,
    created_by: createdBy(headers),
    client,
    ...beginning,
  })
}
