import { readBlockDocumentByName as route } from '@reeve/schemas/routes/block-types'
import { readBlockDocument } from '../../models/block-documents.ts'
import { ok } from '../answer.ts'
import { blockDocumentNotFound } from '../block-documents/not-found.ts'
import { endpoint } from '../endpoint.ts'
import { wireBlockDocument } from '../wire/block.ts'

export const readBlockDocumentByName = endpoint(route, async ({ context, params, query }) => {
  const key = { slug: params.slug, name: params.block_document_name }
  const visibility = { includeSecrets: query.include_secrets }
  const document = await context.database.read((session) =>
    readBlockDocument(session, key, visibility, context),
  )
  return document ? ok(wireBlockDocument(document)) : blockDocumentNotFound()
})
