import type { JsonObject } from '@reeve/schemas/json'
import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import { createBlockSchema } from './block-schema-creation.ts'
import { createBlockType, readBlockType } from './block-types.ts'
import { toExact } from './blocks/exact-json.ts'
import type { ExactObject } from './blocks/exact-json.ts'
import { SYSTEM_BLOCKS } from './blocks/system-blocks.ts'
import type { SystemBlock } from './blocks/system-blocks.ts'

const VERSION = '1'

/** Registers the block types that come with the server; those that are there already stay as they are. */
export async function installSystemBlockTypes(session: Session, context: ModelContext): Promise<void> {
  for (const block of SYSTEM_BLOCKS) {
    const { slug, name, description, is_protected, capabilities } = block
    const texts = { logo_url: null, documentation_url: null, code_example: null }
    const type =
      (await readBlockType(session, { slug })) ??
      (await createBlockType(session, { slug, name, description, is_protected, ...texts }, context)) ??
      (await readBlockType(session, { slug }))
    if (!type) throw new Error(`The block type ${slug} could not be registered`)
    const fields = toExact(schemaFields(block)) as ExactObject
    const schema = { fields, block_type_id: type.id, capabilities, version: VERSION }
    await createBlockSchema(session, schema, context)
  }
}

function schemaFields(block: SystemBlock): JsonObject {
  const { slug, title, description, properties, required, secret_fields } = block
  return {
    type: 'object',
    title,
    description,
    properties,
    ...(required.length > 0 && { required }),
    secret_fields,
    block_type_slug: slug,
    block_schema_references: {},
  }
}
