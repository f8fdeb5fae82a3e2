import { deleteBlockType as route } from '@reeve/schemas/routes/block-types'
import { deleteBlockType as remove } from '../../models/block-types.ts'
import { noContent, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { blockTypeNotFound } from './not-found.ts'

export const deleteBlockType = endpoint(route, async ({ context, params }) => {
  const outcome = await context.database.write((session) => remove(session, params.id, context))
  switch (outcome) {
    case 'deleted':
      return noContent()
    case 'protected':
      return refuse(403, 'protected block types cannot be deleted.')
    case 'unknown':
      return blockTypeNotFound()
  }
})
