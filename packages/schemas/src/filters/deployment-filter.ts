import { z } from 'zod'
import { Int } from '../scalars.ts'
import { flag, idAnyOrNot, nameAnyOrLike, operator, tagsAllOrAny, text, textAnyOf } from './operators.ts'

/**
 * Which deployments. `concurrency_limit` is accepted and has no effect; `is_schedule_active` comes from
 * Prefect 2 clients and means `paused` with the value inverted.
 */
export const DeploymentFilter = z
  .strictObject({
    operator,
    id: idAnyOrNot,
    name: nameAnyOrLike,
    flow_or_deployment_name: z.strictObject({ like_: text }).nullish(),
    paused: z.strictObject({ eq_: flag }).nullish(),
    tags: tagsAllOrAny,
    work_queue_name: textAnyOf,
    concurrency_limit: z.strictObject({ ge_: Int.nullish(), le_: Int.nullish(), is_null_: flag }).nullish(),
    is_schedule_active: z.strictObject({ eq_: flag }).nullish(),
  })
  .meta({ id: 'DeploymentFilter' })
export interface DeploymentFilter extends z.infer<typeof DeploymentFilter> {}
