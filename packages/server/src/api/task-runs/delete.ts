import { deleteTaskRun as route } from '@reeve/schemas/routes/task-runs'
import { deleteTaskRun as remove } from '../../models/task-runs.ts'
import { noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { taskRunNotFound } from './not-found.ts'

export const deleteTaskRun = endpoint(route, async ({ context, params }) => {
  const deleted = await context.database.write((session) => remove(session, params.id, context))
  return deleted ? noContent() : taskRunNotFound()
})
