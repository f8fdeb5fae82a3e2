import { updateBlockType as route } from '@reeve/schemas/routes/block-types'
import { updateBlockType as update } from '../../models/block-types.ts'
import { noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { blockTypeNotFound } from './not-found.ts'

export const updateBlockType = endpoint(route, async ({ context, params, body }) => {
  const found = await context.database.write((session) => update(session, params.id, body, context))
  return found ? noContent() : blockTypeNotFound()
})
