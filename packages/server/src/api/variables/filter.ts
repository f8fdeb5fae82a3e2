import { filterVariables as route } from '@reeve/schemas/routes/variables'
import { readVariables } from '../../models/variables.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { pageLimit } from '../page-limit.ts'
import { wireVariable } from '../wire/variable.ts'

export const filterVariables = endpoint(route, async ({ context, body }) => {
  const limit = pageLimit(body.limit, context.settings.default_limit)
  if (typeof limit !== 'number') return limit
  const { variables: filter, sort, offset } = body
  const rows = await context.database.scan((session) =>
    readVariables(session, { filter, sort, limit, offset }),
  )
  return ok(rows.map(wireVariable))
})
