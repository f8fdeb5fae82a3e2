import { readBlockTypeBySlug as bySlugRoute, readBlockType as route } from '@reeve/schemas/routes/block-types'
import type { Context } from '../../context.ts'
import { readBlockType as readRow } from '../../models/block-types.ts'
import type { BlockTypeKey } from '../../models/block-types.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireBlockType } from '../wire/block.ts'
import { blockTypeNotFound } from './not-found.ts'

export const readBlockType = endpoint(route, ({ context, params }) => read(context, params))
export const readBlockTypeBySlug = endpoint(bySlugRoute, ({ context, params }) => read(context, params))

async function read(context: Context, key: BlockTypeKey) {
  const type = await context.database.read((session) => readRow(session, key))
  return type ? ok(wireBlockType(type)) : blockTypeNotFound()
}
