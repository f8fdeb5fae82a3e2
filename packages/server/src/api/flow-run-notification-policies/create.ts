import { createFlowRunNotificationPolicy as route } from '@reeve/schemas/routes/flow-run-notification-policies'
import { createFlowRunNotificationPolicy as create } from '../../models/flow-run-notification-policies.ts'
import { endpoint } from '../endpoint.ts'
import { wireFlowRunNotificationPolicy } from '../wire/flow-run-notification-policy.ts'

export const createFlowRunNotificationPolicy = endpoint(route, async ({ context, body }) => {
  const policy = await context.database.write((session) => create(session, body, context))
  return { status: 201, body: wireFlowRunNotificationPolicy(policy) }
})
