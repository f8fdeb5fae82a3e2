import { z } from 'zod'
import { Name, TimestampText, UuidText } from './scalars.ts'

/** A kind of block: a named piece of configuration that flows load. */
export const BlockType = z
  .object({
    id: UuidText,
    created: TimestampText,
    updated: TimestampText,
    name: z.string(),
    slug: z.string(),
    logo_url: z.string().nullable(),
    documentation_url: z.string().nullable(),
    description: z.string().nullable(),
    code_example: z.string().nullable(),
    is_protected: z.boolean(),
  })
  .meta({ id: 'BlockType' })
export interface BlockType extends z.infer<typeof BlockType> {}

const BlockTypeSlug = z.string().regex(/^[a-z0-9-]*$/, {
  message: 'Value error, Block type slug must only contain lowercase letters, numbers, and dashes.',
})
const optionalText = z.string().nullable().default(null)

export const BlockTypeCreate = z
  .strictObject({
    name: Name,
    slug: BlockTypeSlug,
    logo_url: optionalText,
    documentation_url: optionalText,
    description: optionalText,
    code_example: optionalText,
  })
  .meta({ id: 'BlockTypeCreate' })
export interface BlockTypeCreate extends z.infer<typeof BlockTypeCreate> {}

/** Only the keys that are present are written. */
export const BlockTypeUpdate = z
  .strictObject({
    logo_url: z.string().nullish(),
    documentation_url: z.string().nullish(),
    description: z.string().nullish(),
    code_example: z.string().nullish(),
  })
  .meta({ id: 'BlockTypeUpdate' })
export interface BlockTypeUpdate extends z.infer<typeof BlockTypeUpdate> {}
