import { z } from 'zod'
import { idAnyOf, operator, texts } from './operators.ts'

/** Which work queues. `startswith_` are prefixes in any case, any of them. */
export const WorkQueueFilter = z
  .strictObject({
    operator,
    id: idAnyOf,
    name: z.strictObject({ any_: texts, startswith_: texts }).nullish(),
  })
  .meta({ id: 'WorkQueueFilter' })
export interface WorkQueueFilter extends z.infer<typeof WorkQueueFilter> {}
