import { z } from 'zod'
import { BlockType } from './block-type.ts'
import { JsonRecord, TimestampText, Uuid, UuidText } from './scalars.ts'

/** The fields of a block type in one version, as JSON Schema; `checksum` is taken over `fields`. */
export const BlockSchema = z
  .object({
    id: UuidText,
    created: TimestampText,
    updated: TimestampText,
    checksum: z.string(),
    fields: JsonRecord,
    block_type_id: UuidText.nullable(),
    block_type: BlockType.nullable(),
    capabilities: z.array(z.string()),
    version: z.string(),
  })
  .meta({ id: 'BlockSchema' })
export interface BlockSchema extends z.infer<typeof BlockSchema> {}

export const BlockSchemaCreate = z
  .strictObject({
    fields: JsonRecord.default(() => ({})),
    block_type_id: Uuid,
    capabilities: z.array(z.string()).default(() => []),
    version: z.string().default('non-versioned'),
  })
  .meta({ id: 'BlockSchemaCreate' })
export interface BlockSchemaCreate extends z.infer<typeof BlockSchemaCreate> {}
