import { deleteBlockDocument as route } from '@reeve/schemas/routes/block-documents'
import { deleteBlockDocument as remove } from '../../models/block-documents.ts'
import { noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { blockDocumentNotFound } from './not-found.ts'

export const deleteBlockDocument = endpoint(route, async ({ context, params }) => {
  const found = await context.database.write((session) => remove(session, params.id, context))
  return found ? noContent() : blockDocumentNotFound()
})
