import { startTaskRun as route } from '@reeve/schemas/routes/starts'
import { endpoint } from '../endpoint.ts'
import { taskRunStart, wireTaskRunStart } from './starting.ts'

export const startTaskRun = endpoint(route, async (call) => {
  const { context, body } = call
  const made = await context.hotPath.createTaskRun(taskRunStart(body, call))
  return { status: made.created ? 201 : 200, body: wireTaskRunStart(made, context) }
})
