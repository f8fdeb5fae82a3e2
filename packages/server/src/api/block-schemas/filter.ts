import { filterBlockSchemas as route } from '@reeve/schemas/routes/block-schemas'
import { readBlockSchemas } from '../../models/block-schemas.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { pageLimit } from '../page-limit.ts'
import { wireBlockSchema } from '../wire/block.ts'

export const filterBlockSchemas = endpoint(route, async ({ context, body }) => {
  const limit = pageLimit(body.limit, context.settings.default_limit)
  if (typeof limit !== 'number') return limit
  const query = { schemas: body.block_schemas, limit, offset: body.offset }
  const schemas = await context.database.read((session) => readBlockSchemas(session, query))
  return ok(schemas.map(wireBlockSchema))
})
