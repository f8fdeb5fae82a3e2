import { readTaskRun as route } from '@reeve/schemas/routes/task-runs'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireTaskRun } from '../wire/task-run.ts'
import { taskRunNotFound } from './not-found.ts'

export const readTaskRun = endpoint(route, async ({ context, now, params }) => {
  const run = await context.hotPath.readTaskRun(params.id)
  return run ? ok(wireTaskRun(run, now)) : taskRunNotFound()
})
