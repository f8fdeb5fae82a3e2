import { z } from 'zod'
import { flag, idAnyOf, nameAnyOrLike, operator, text, textAnyOf, texts } from './operators.ts'

/** Which block types. */
export const BlockTypeFilter = z
  .strictObject({ name: z.strictObject({ like_: text }).nullish(), slug: textAnyOf })
  .meta({ id: 'BlockTypeFilter' })
export interface BlockTypeFilter extends z.infer<typeof BlockTypeFilter> {}

/** Which block schemas; `block_capabilities.all_` asks for every capability of a list. */
export const BlockSchemaFilter = z
  .strictObject({
    operator,
    block_type_id: idAnyOf,
    block_capabilities: z.strictObject({ all_: texts }).nullish(),
    id: idAnyOf,
    version: textAnyOf,
  })
  .meta({ id: 'BlockSchemaFilter' })
export interface BlockSchemaFilter extends z.infer<typeof BlockSchemaFilter> {}

/** Which blocks. Anonymous ones are left out unless `is_anonymous` says otherwise; null lifts that. */
export const BlockDocumentFilter = z
  .strictObject({
    operator,
    id: idAnyOf,
    is_anonymous: z
      .strictObject({ eq_: flag })
      .nullable()
      .default(() => ({ eq_: false })),
    block_type_id: idAnyOf,
    name: nameAnyOrLike,
  })
  .meta({ id: 'BlockDocumentFilter' })
export interface BlockDocumentFilter extends z.infer<typeof BlockDocumentFilter> {}
