import { deleteBlockSchema as route } from '@reeve/schemas/routes/block-schemas'
import { deleteBlockSchema as remove } from '../../models/block-schemas.ts'
import { noContent, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { blockSchemaNotFound } from './not-found.ts'

export const deleteBlockSchema = endpoint(route, async ({ context, params }) => {
  const outcome = await context.database.write((session) => remove(session, params.id, context))
  switch (outcome) {
    case 'deleted':
      return noContent()
    case 'protected':
      return refuse(403, 'Block schemas for protected block types cannot be deleted.')
    case 'unknown':
      return blockSchemaNotFound()
  }
})
