import { z } from 'zod'
import { idAnyOf, operator, textAnyOf } from './operators.ts'

/** Which work pools. */
export const WorkPoolFilter = z
  .strictObject({ operator, id: idAnyOf, name: textAnyOf, type: textAnyOf })
  .meta({ id: 'WorkPoolFilter' })
export interface WorkPoolFilter extends z.infer<typeof WorkPoolFilter> {}
