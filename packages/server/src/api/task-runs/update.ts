import { updateTaskRun as route } from '@reeve/schemas/routes/task-runs'
import { randomRunName } from '@reeve/schemas/run-name'
import { updateTaskRun as update } from '../../models/task-runs.ts'
import { noContent, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const updateTaskRun = endpoint(route, async ({ context, params, body }) => {
  const patch = body.name === undefined ? {} : { name: body.name || randomRunName(context.random) }
  const updated = await context.database.write((session) => update(session, params.id, patch, context))
  return updated ? noContent() : refuse(404, 'Task run not found')
})
