import { createBlockType as route } from '@reeve/schemas/routes/block-types'
import { createBlockType as create } from '../../models/block-types.ts'
import { created, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireBlockType } from '../wire/block.ts'

const RESERVED = /^prefect/i

export const createBlockType = endpoint(route, async ({ context, body }) => {
  if (RESERVED.test(body.name)) return refuse(403, "Block type names beginning with 'Prefect' are reserved.")
  const type = await context.database.write((session) => create(session, body, context))
  return type
    ? created(wireBlockType(type))
    : refuse(409, `Block type with name "${body.name}" already exists`)
})
