import type { JsonObject } from '@reeve/schemas/json'
import { createBlockSchema as route } from '@reeve/schemas/routes/block-schemas'
import { createBlockSchema as create } from '../../models/block-schema-creation.ts'
import { readBlockSchema } from '../../models/block-schemas.ts'
import { ok, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireBlockSchema } from '../wire/block.ts'
import { exactFields } from './exact-fields.ts'

export const createBlockSchema = endpoint(route, async ({ context, body, rawBody }) =>
  context.database.write(async (session) => {
    const schema = { ...body, fields: exactFields(rawBody, body.fields) }
    const result = await create(session, schema, context)
    switch (result.outcome) {
      case 'unknown type':
        return refuse(404, `Block type ${body.block_type_id} not found.`)
      case 'unregistered':
        return refuse(
          409,
          `Cannot create block schema because block type '${result.slug}' was not found.Did you forget to register the block type?`,
        )
      case 'undefined':
        return refuse(
          409,
          `The fields refer to a schema of the block type '${result.slug}' without defining it.`,
        )
      case 'created':
      case 'existing': {
        const record = await readBlockSchema(session, result.id)
        if (!record) return refuse(404, `Block type ${body.block_type_id} not found.`)
        if (result.outcome === 'existing') return ok(wireBlockSchema(record))
        const fields = asGiven(record.fields, body.fields)
        return { status: 201, body: wireBlockSchema({ ...record, fields }) }
      }
    }
  }),
)

/** The answer to a creation has references and definitions as they came; reads have those that are stored. */
function asGiven(
  { definitions: _, ...stored }: JsonObject,
  { definitions, block_schema_references = {} }: JsonObject,
): JsonObject {
  return { ...stored, block_schema_references, ...(definitions == null ? {} : { definitions }) }
}
