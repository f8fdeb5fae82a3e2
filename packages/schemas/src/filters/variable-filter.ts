import { z } from 'zod'
import { idAnyOf, nameAnyOrLike, operator, tagsAll } from './operators.ts'

/** Which variables. `value` comes from Prefect 2 clients, whose variables are texts. */
export const VariableFilter = z
  .strictObject({ operator, id: idAnyOf, name: nameAnyOrLike, value: nameAnyOrLike, tags: tagsAll })
  .meta({ id: 'VariableFilter' })
export interface VariableFilter extends z.infer<typeof VariableFilter> {}
