import { setFlowRunState as route } from '@reeve/schemas/routes/flow-runs'
import { exception } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { proposedState } from '../proposed-state.ts'
import { orchestrationAnswer } from '../wire/orchestration-result.ts'

export const setFlowRunState = endpoint(route, async ({ context, client, isTerse, params, body }) => {
  const proposal = {
    flow_run_id: params.id,
    state: proposedState(body.state, context),
    policy: body.force ? ('force' as const) : ('core' as const),
    client,
  }
  const result = await context.hotPath.setFlowRunState(proposal)
  return result
    ? orchestrationAnswer(result, isTerse ? body.state : undefined)
    : exception(404, `Flow run with id ${params.id} not found`)
})
