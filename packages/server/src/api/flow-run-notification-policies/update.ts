import { updateFlowRunNotificationPolicy as route } from '@reeve/schemas/routes/flow-run-notification-policies'
import { updateFlowRunNotificationPolicy as update } from '../../models/flow-run-notification-policies.ts'
import { noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { policyNotFound } from './not-found.ts'

export const updateFlowRunNotificationPolicy = endpoint(route, async ({ context, params, body }) => {
  const found = await context.database.write((session) => update(session, params.id, body, context))
  return found ? noContent() : policyNotFound()
})
