import { z } from 'zod'
import { BlockSchema } from './block-schema.ts'
import { BlockType } from './block-type.ts'
import { Bool, JsonRecord, TimestampText, Uuid, UuidText } from './scalars.ts'

/** A block: values for the fields of a block schema. Secret values read `********` unless asked for. */
export const BlockDocument = z
  .object({
    id: UuidText,
    created: TimestampText,
    updated: TimestampText,
    name: z.string().nullable(),
    data: JsonRecord,
    block_schema_id: UuidText,
    block_schema: BlockSchema.nullable(),
    block_type_id: UuidText,
    block_type_name: z.string().nullable(),
    block_type: BlockType.nullable(),
    block_document_references: z.record(z.string(), JsonRecord),
    is_anonymous: z.boolean(),
  })
  .meta({ id: 'BlockDocument' })
export interface BlockDocument extends z.infer<typeof BlockDocument> {}

const BlockDocumentName = z.string().regex(/^[a-z0-9-]+$/, {
  message: 'Value error, Block document name must only contain lowercase letters, numbers, and dashes.',
})

/** A block to store; only an anonymous one may come without a name. */
export const BlockDocumentCreate = z
  .strictObject({
    name: BlockDocumentName.nullable().default(null),
    data: JsonRecord.default(() => ({})),
    block_schema_id: Uuid,
    block_type_id: Uuid,
    is_anonymous: Bool.default(false),
  })
  .refine((block) => block.is_anonymous || block.name, {
    params: { type: 'value_error' },
    message: 'Value error, Names must be provided for block documents.',
  })
  .meta({ id: 'BlockDocumentCreate' })
export interface BlockDocumentCreate extends z.infer<typeof BlockDocumentCreate> {}

/** Only the keys that are present are written; with `merge_existing_data` the data is merged, key by key. */
export const BlockDocumentUpdate = z
  .strictObject({
    block_schema_id: Uuid.nullish(),
    data: JsonRecord.optional(),
    merge_existing_data: Bool.default(true),
  })
  .meta({ id: 'BlockDocumentUpdate' })
export interface BlockDocumentUpdate extends z.infer<typeof BlockDocumentUpdate> {}
