import { deleteFlowRunNotificationPolicy as route } from '@reeve/schemas/routes/flow-run-notification-policies'
import { deleteFlowRunNotificationPolicy as remove } from '../../models/flow-run-notification-policies.ts'
import { noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { policyNotFound } from './not-found.ts'

export const deleteFlowRunNotificationPolicy = endpoint(route, async ({ context, params }) => {
  const deleted = await context.database.write((session) => remove(session, params.id))
  return deleted ? noContent() : policyNotFound()
})
