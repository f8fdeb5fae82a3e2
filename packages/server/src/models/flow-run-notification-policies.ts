import type {
  FlowRunNotificationPolicyCreate,
  FlowRunNotificationPolicyFilter,
  FlowRunNotificationPolicyUpdate,
} from '@reeve/schemas/flow-run-notification-policy'
import type { ModelContext } from '../context.ts'
import { insertRows } from '../database/bulk.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { column } from './filters/column.ts'
import { ALWAYS } from './filters/condition.ts'
import { filter } from './filters/filter.ts'

export type NotificationPolicyRow = Row<'flow_run_notification_policy'>

const policyFilter = filter<FlowRunNotificationPolicyFilter>({
  is_active: column('flow_run_notification_policy.is_active'),
})

/** Throws an integrity error when there is no such block. */
export async function createFlowRunNotificationPolicy(
  session: Session,
  policy: FlowRunNotificationPolicyCreate,
  context: ModelContext,
): Promise<NotificationPolicyRow> {
  const now = context.clock.now()
  const row = { id: context.ids.random(), created: now, updated: now, ...policy }
  await insertRows(session, 'flow_run_notification_policy', [row])
  return row
}

export async function readFlowRunNotificationPolicy(
  session: Session,
  id: string,
): Promise<NotificationPolicyRow | undefined> {
  return session.first(
    session.build.selectFrom('flow_run_notification_policy').selectAll().where('id', '=', id),
  )
}

export interface NotificationPolicyQuery {
  filter?: FlowRunNotificationPolicyFilter | undefined
  limit: number
  offset?: number
}

/** Policies by id; all of them without a filter. */
export async function readFlowRunNotificationPolicies(
  session: Session,
  { filter: given, limit, offset = 0 }: NotificationPolicyQuery,
): Promise<NotificationPolicyRow[]> {
  return session.all(
    session.build
      .selectFrom('flow_run_notification_policy')
      .selectAll()
      .where(given ? policyFilter(session, given) : ALWAYS)
      .orderBy('id')
      .limit(limit)
      .offset(offset),
  )
}

/** Sets the fields that are present; false when there is no such policy. */
export async function updateFlowRunNotificationPolicy(
  session: Session,
  id: string,
  patch: FlowRunNotificationPolicyUpdate,
  context: ModelContext,
): Promise<boolean> {
  const set = { ...patch, updated: context.clock.now() } as Partial<NotificationPolicyRow>
  const query = session.build.updateTable('flow_run_notification_policy').set(set).where('id', '=', id)
  return (await session.run(query)) > 0
}

/** Whether there was such a policy. */
export async function deleteFlowRunNotificationPolicy(session: Session, id: string): Promise<boolean> {
  const query = session.build.deleteFrom('flow_run_notification_policy').where('id', '=', id)
  return (await session.run(query)) > 0
}
