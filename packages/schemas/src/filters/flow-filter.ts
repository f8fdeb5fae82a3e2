import { z } from 'zod'
import { flag, idAnyOrNot, nameAnyOrLike, operator, tagsAll } from './operators.ts'

/** Which flows. `deployment.is_null_` asks for flows without, or with, any deployment. */
export const FlowFilter = z
  .strictObject({
    operator,
    id: idAnyOrNot,
    deployment: z.strictObject({ operator, is_null_: flag }).nullish(),
    name: nameAnyOrLike,
    tags: tagsAll,
  })
  .meta({ id: 'FlowFilter' })
export interface FlowFilter extends z.infer<typeof FlowFilter> {}
