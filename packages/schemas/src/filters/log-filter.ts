import { z } from 'zod'
import { Int } from '../scalars.ts'
import { flag, idAnyOf, operator, timeSpan, uuids } from './operators.ts'

/** Search words: `word`, `-without`, `+required`, `"a phrase"`; at most 200 characters. */
export const textSearch = z.strictObject({ query: z.string().max(200) }).nullish()

/** Which log lines. `task_run_id.is_null_` asks for the lines of flow runs themselves. */
export const LogFilter = z
  .strictObject({
    operator,
    level: z.strictObject({ ge_: Int.nullish(), le_: Int.nullish() }).nullish(),
    timestamp: timeSpan,
    flow_run_id: idAnyOf,
    task_run_id: z.strictObject({ any_: uuids, is_null_: flag }).nullish(),
    text: textSearch,
  })
  .meta({ id: 'LogFilter' })
export interface LogFilter extends z.infer<typeof LogFilter> {}
