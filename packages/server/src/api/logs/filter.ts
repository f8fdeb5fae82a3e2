import { filterLogs as route } from '@reeve/schemas/routes/logs'
import { readLogs } from '../../models/logs.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { pageLimit } from '../page-limit.ts'
import { wireLog } from '../wire/log.ts'

export const filterLogs = endpoint(route, async ({ context, body }) => {
  const limit = pageLimit(body.limit, context.settings.default_limit)
  if (typeof limit !== 'number') return limit
  const { offset, sort } = body
  const query = { logFilter: body.logs, limit, offset, sort }
  const logs = await context.database.scan((session) => readLogs(session, query))
  return ok(logs.map(wireLog))
})
