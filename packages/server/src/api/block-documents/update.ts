import { updateBlockDocument as route } from '@reeve/schemas/routes/block-documents'
import { updateBlockDocument as update } from '../../models/block-document-writing.ts'
import { noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { writeRefused } from './write-refused.ts'

export const updateBlockDocument = endpoint(route, async ({ context, params, body }) => {
  const result = await context.database.write((session) => update(session, params.id, body, context))
  return result.outcome === 'updated' ? noContent() : writeRefused(result)
})
