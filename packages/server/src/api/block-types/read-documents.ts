import { readBlockDocumentsForBlockType as route } from '@reeve/schemas/routes/block-types'
import { readBlockDocuments } from '../../models/block-documents.ts'
import { readBlockType } from '../../models/block-types.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireBlockDocument } from '../wire/block.ts'
import { blockTypeNotFound } from './not-found.ts'

export const readBlockDocumentsForBlockType = endpoint(route, async ({ context, params, query }) =>
  context.database.snapshot(async (session) => {
    const type = await readBlockType(session, { slug: params.slug })
    if (!type) return blockTypeNotFound()
    const page = { sort: 'NAME_ASC' as const, limit: context.settings.default_limit, offset: 0 }
    const filters = { types: { slug: { any_: [params.slug] } }, includeSecrets: query.include_secrets }
    const documents = await readBlockDocuments(session, { ...page, ...filters }, context)
    return ok(documents.map(wireBlockDocument))
  }),
)
