import { createBlockDocument as route } from '@reeve/schemas/routes/block-documents'
import { createBlockDocument as create } from '../../models/block-document-writing.ts'
import { created } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireBlockDocument } from '../wire/block.ts'
import { writeRefused } from './write-refused.ts'

export const createBlockDocument = endpoint(route, async ({ context, body }) => {
  const result = await context.database.write((session) => create(session, body, context))
  return result.outcome === 'created' ? created(wireBlockDocument(result.record)) : writeRefused(result)
})
