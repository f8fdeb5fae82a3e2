import { z } from 'zod'
import { embedded } from '../embedded.ts'
import {
  FlowRunNotificationPolicy,
  FlowRunNotificationPolicyCreate,
  FlowRunNotificationPolicyFilter,
  FlowRunNotificationPolicyUpdate,
} from '../flow-run-notification-policy.ts'
import { Limit, Offset } from '../pagination.ts'
import { route } from '../route.ts'
import { idParams } from './params.ts'

const tag = 'flow-run-notification-policies'

export const createFlowRunNotificationPolicy = route({
  id: 'createFlowRunNotificationPolicy',
  method: 'POST',
  path: '/flow_run_notification_policies/',
  tag,
  summary: 'Create a notification policy (Prefect 2 only)',
  body: FlowRunNotificationPolicyCreate,
  responses: { 201: FlowRunNotificationPolicy },
  extension: true,
})

export const readFlowRunNotificationPolicy = route({
  id: 'readFlowRunNotificationPolicy',
  method: 'GET',
  path: '/flow_run_notification_policies/:id',
  tag,
  summary: 'Read a notification policy (Prefect 2 only)',
  params: idParams,
  responses: { 200: FlowRunNotificationPolicy },
  extension: true,
})

export const filterFlowRunNotificationPolicies = route({
  id: 'filterFlowRunNotificationPolicies',
  method: 'POST',
  path: '/flow_run_notification_policies/filter',
  tag,
  summary: 'List notification policies (Prefect 2 only)',
  body: embedded({
    flow_run_notification_policy_filter: FlowRunNotificationPolicyFilter.optional(),
    limit: Limit,
    offset: Offset,
  }),
  bodyOptional: true,
  responses: { 200: z.array(FlowRunNotificationPolicy) },
  extension: true,
})

export const updateFlowRunNotificationPolicy = route({
  id: 'updateFlowRunNotificationPolicy',
  method: 'PATCH',
  path: '/flow_run_notification_policies/:id',
  tag,
  summary: 'Change a notification policy (Prefect 2 only)',
  params: idParams,
  body: FlowRunNotificationPolicyUpdate,
  responses: { 204: null },
  extension: true,
})

export const deleteFlowRunNotificationPolicy = route({
  id: 'deleteFlowRunNotificationPolicy',
  method: 'DELETE',
  path: '/flow_run_notification_policies/:id',
  tag,
  summary: 'Delete a notification policy (Prefect 2 only)',
  params: idParams,
  responses: { 204: null },
  extension: true,
})
