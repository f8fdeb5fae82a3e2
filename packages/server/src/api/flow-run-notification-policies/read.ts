import { readFlowRunNotificationPolicy as route } from '@reeve/schemas/routes/flow-run-notification-policies'
import { readFlowRunNotificationPolicy as read } from '../../models/flow-run-notification-policies.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireFlowRunNotificationPolicy } from '../wire/flow-run-notification-policy.ts'
import { policyNotFound } from './not-found.ts'

export const readFlowRunNotificationPolicy = endpoint(route, async ({ context, params }) => {
  const policy = await context.database.read((session) => read(session, params.id))
  return policy ? ok(wireFlowRunNotificationPolicy(policy)) : policyNotFound()
})
