import { countBlockDocuments as route } from '@reeve/schemas/routes/block-documents'
import { countBlockDocuments as count } from '../../models/block-documents.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const countBlockDocuments = endpoint(route, async ({ context, body }) => {
  const { block_documents: documents, block_types: types, block_schemas: schemas } = body
  return ok(await context.database.scan((session) => count(session, { documents, types, schemas })))
})
