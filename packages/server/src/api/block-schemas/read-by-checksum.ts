import { readBlockSchemaByChecksum as route } from '@reeve/schemas/routes/block-schemas'
import { readBlockSchemaByChecksum as read } from '../../models/block-schemas.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireBlockSchema } from '../wire/block.ts'
import { blockSchemaNotFound } from './not-found.ts'

export const readBlockSchemaByChecksum = endpoint(route, async ({ context, params, query }) => {
  const schema = await context.database.read((session) => read(session, params.checksum, query.version))
  return schema ? ok(wireBlockSchema(schema)) : blockSchemaNotFound()
})
