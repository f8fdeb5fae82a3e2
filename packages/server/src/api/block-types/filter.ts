import { filterBlockTypes as route } from '@reeve/schemas/routes/block-types'
import { readBlockTypes } from '../../models/block-types.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { pageLimit } from '../page-limit.ts'
import { wireBlockType } from '../wire/block.ts'

export const filterBlockTypes = endpoint(route, async ({ context, body }) => {
  const limit = pageLimit(body.limit, context.settings.default_limit)
  if (typeof limit !== 'number') return limit
  const query = { types: body.block_types, schemas: body.block_schemas, limit, offset: body.offset }
  const types = await context.database.read((session) => readBlockTypes(session, query))
  return ok(types.map(wireBlockType))
})
