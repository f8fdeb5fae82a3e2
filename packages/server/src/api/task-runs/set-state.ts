import { setTaskRunState as route } from '@reeve/schemas/routes/task-runs'
import { exception } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { proposedState } from '../proposed-state.ts'
import { orchestrationAnswer } from '../wire/orchestration-result.ts'

export const setTaskRunState = endpoint(route, async ({ context, client, isTerse, params, body }) => {
  const result = await context.hotPath.setTaskRunState({
    task_run_id: params.id,
    state: proposedState(body.state, context),
    force: body.force,
    client,
  })
  return result
    ? orchestrationAnswer(result, isTerse ? body.state : undefined)
    : exception(404, `Task run with id ${params.id} not found`)
})
