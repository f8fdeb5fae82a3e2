import { readBlockSchema as route } from '@reeve/schemas/routes/block-schemas'
import { readBlockSchema as read } from '../../models/block-schemas.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireBlockSchema } from '../wire/block.ts'
import { blockSchemaNotFound } from './not-found.ts'

export const readBlockSchema = endpoint(route, async ({ context, params }) => {
  const schema = await context.database.read((session) => read(session, params.id))
  return schema ? ok(wireBlockSchema(schema)) : blockSchemaNotFound()
})
