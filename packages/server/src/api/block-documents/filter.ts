import { filterBlockDocuments as route } from '@reeve/schemas/routes/block-documents'
import { readBlockDocuments } from '../../models/block-documents.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { pageLimit } from '../page-limit.ts'
import { wireBlockDocument } from '../wire/block.ts'

export const filterBlockDocuments = endpoint(route, async ({ context, body }) => {
  const limit = pageLimit(body.limit, context.settings.default_limit)
  if (typeof limit !== 'number') return limit
  const { block_documents: documents, block_types: types, block_schemas: schemas, sort, offset } = body
  const query = { documents, types, schemas, includeSecrets: body.include_secrets, sort, limit, offset }
  const found = await context.database.scan((session) => readBlockDocuments(session, query, context))
  return ok(found.map(wireBlockDocument))
})
