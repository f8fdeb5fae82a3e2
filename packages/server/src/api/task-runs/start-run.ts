import { startTaskRun as route } from '@reeve/schemas/routes/starts'
import { endpoint } from '../endpoint.ts'
import { terseTaskRunStart } from '../wire/terse.ts'
import { taskRunStart, wireTaskRunStart } from './starting.ts'

export const startTaskRun = endpoint(route, async (call) => {
  const { context, isTerse, body } = call
  const made = await context.hotPath.createTaskRun(taskRunStart(body, call))
  return {
    status: made.created ? 201 : 200,
    body: isTerse ? terseTaskRunStart(made, body) : wireTaskRunStart(made, context),
  }
})
