import { filterFlowRunNotificationPolicies as route } from '@reeve/schemas/routes/flow-run-notification-policies'
import { readFlowRunNotificationPolicies } from '../../models/flow-run-notification-policies.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { pageLimit } from '../page-limit.ts'
import { wireFlowRunNotificationPolicy } from '../wire/flow-run-notification-policy.ts'

export const filterFlowRunNotificationPolicies = endpoint(route, async ({ context, body }) => {
  const limit = pageLimit(body.limit, context.settings.default_limit)
  if (typeof limit !== 'number') return limit
  const query = { filter: body.flow_run_notification_policy_filter, limit, offset: body.offset }
  const policies = await context.database.read((session) => readFlowRunNotificationPolicies(session, query))
  return ok(policies.map(wireFlowRunNotificationPolicy))
})
