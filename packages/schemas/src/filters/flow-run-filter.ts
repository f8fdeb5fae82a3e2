import { z } from 'zod'
import { StateType } from '../state.ts'
import {
  flag,
  idAnyOrNot,
  nameAnyOrLike,
  operator,
  tagsAllOrAny,
  textAnyOf,
  textAnyOrNot,
  texts,
  timeSpan,
  timeSpanOrNull,
  uuids,
} from './operators.ts'

const stateTypes = z.array(StateType).nullish()

/** Which flow runs. `start_time` bounds look at the expected start of a run that has not started. */
export const FlowRunFilter = z
  .strictObject({
    operator,
    id: idAnyOrNot,
    name: nameAnyOrLike,
    tags: tagsAllOrAny,
    deployment_id: z.strictObject({ operator, any_: uuids, is_null_: flag }).nullish(),
    work_queue_name: z.strictObject({ operator, any_: texts, is_null_: flag }).nullish(),
    state: z
      .strictObject({
        operator,
        type: z.strictObject({ any_: stateTypes, not_any_: stateTypes }).nullish(),
        name: textAnyOrNot,
      })
      .nullish(),
    flow_version: textAnyOf,
    start_time: timeSpanOrNull,
    end_time: timeSpanOrNull,
    expected_start_time: timeSpan,
    next_scheduled_start_time: timeSpan,
    parent_flow_run_id: z.strictObject({ operator, any_: uuids }).nullish(),
    parent_task_run_id: z.strictObject({ operator, any_: uuids, is_null_: flag }).nullish(),
    idempotency_key: textAnyOrNot,
    created_by: z.strictObject({ operator, id_: uuids, type_: texts, is_null_: flag }).nullish(),
  })
  .meta({ id: 'FlowRunFilter' })
export interface FlowRunFilter extends z.infer<typeof FlowRunFilter> {}
