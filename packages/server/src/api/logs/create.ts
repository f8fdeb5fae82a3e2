import { createLogs as route } from '@reeve/schemas/routes/logs'
import { created } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const createLogs = endpoint(route, async ({ context, body }) => {
  await context.hotPath.createLogs(body)
  return created(null)
})
