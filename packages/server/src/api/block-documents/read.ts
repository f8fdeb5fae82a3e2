import { readBlockDocument as route } from '@reeve/schemas/routes/block-documents'
import { readBlockDocument as read } from '../../models/block-documents.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireBlockDocument } from '../wire/block.ts'
import { blockDocumentNotFound } from './not-found.ts'

export const readBlockDocument = endpoint(route, async ({ context, params, query }) => {
  const visibility = { includeSecrets: query.include_secrets }
  const document = await context.database.snapshot((session) => read(session, params, visibility, context))
  return document ? ok(wireBlockDocument(document)) : blockDocumentNotFound()
})
