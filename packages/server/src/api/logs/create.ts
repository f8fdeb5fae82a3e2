import { createLogs as route } from '@reeve/schemas/routes/logs'
import { createLogs as create } from '../../models/logs.ts'
import { created } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const createLogs = endpoint(route, async ({ context, body }) => {
  await context.database.write((session) => create(session, body, context))
  return created(null)
})
