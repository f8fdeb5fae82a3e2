import { sql } from 'kysely'
import type { DeploymentFilter } from '@reeve/schemas/filters/deployment-filter'
import type { Session } from '../../database/session.ts'
import { column, matching, tags } from './column.ts'
import { join } from './condition.ts'
import type { Condition } from './condition.ts'
import { filter } from './filter.ts'

type Criterion<Key extends keyof DeploymentFilter> = NonNullable<DeploymentFilter[Key]>

const paused = column('deployment.paused')

/** Which rows of `deployment`. */
export const deploymentFilter = filter<DeploymentFilter>({
  id: column('deployment.id'),
  name: column('deployment.name'),
  flow_or_deployment_name: flowOrDeploymentName,
  paused,
  tags: tags('deployment.tags'),
  work_queue_name: column('deployment.work_queue_name'),
  // The reference takes this criterion and heeds none of it.
  concurrency_limit: () => [],
  is_schedule_active: (session, { eq_ }, operator) =>
    eq_ === null || eq_ === undefined ? [] : paused(session, { eq_: !eq_ }, operator),
})

function flowOrDeploymentName(
  session: Session,
  { like_ }: Criterion<'flow_or_deployment_name'>,
): Condition[] {
  const own = matching(session, sql.ref('deployment.name'), like_)
  const flows = matching(session, sql.ref('named_flow.name'), like_).map(
    (condition): Condition =>
      sql`deployment.flow_id in (select named_flow.id from flow as named_flow where ${condition})`,
  )
  return own.length === 0 ? [] : [join('or_', [...own, ...flows])]
}
