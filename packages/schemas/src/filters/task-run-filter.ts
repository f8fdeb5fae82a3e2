import { z } from 'zod'
import { Bool } from '../scalars.ts'
import { StateType } from '../state.ts'
import {
  flag,
  idAnyOf,
  nameAnyOrLike,
  operator,
  tagsAll,
  textAnyOf,
  timeSpan,
  timeSpanOrNull,
  uuids,
} from './operators.ts'

/**
 * Which task runs. `subflow_runs.exists_` keeps or drops the rows that stand for a subflow.
 * In `flow_run_id`, `is_null_` is false unless given: the filter then keeps runs that belong to a flow
 * run even when `any_` is not given; an explicit null lifts that.
 */
export const TaskRunFilter = z
  .strictObject({
    operator,
    id: idAnyOf,
    name: nameAnyOrLike,
    tags: tagsAll,
    state: z
      .strictObject({
        operator,
        type: z.strictObject({ any_: z.array(StateType).nullish() }).nullish(),
        name: textAnyOf,
      })
      .nullish(),
    start_time: timeSpanOrNull,
    end_time: timeSpanOrNull,
    expected_start_time: timeSpan,
    subflow_runs: z.strictObject({ exists_: flag }).nullish(),
    flow_run_id: z
      .strictObject({ operator, any_: uuids, is_null_: Bool.nullable().default(false) })
      .nullish(),
  })
  .meta({ id: 'TaskRunFilter' })
export interface TaskRunFilter extends z.infer<typeof TaskRunFilter> {}
