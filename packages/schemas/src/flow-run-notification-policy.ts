import { z } from 'zod'
import { flag } from './filters/operators.ts'
import { Bool, Tags, TimestampText, Uuid, UuidText } from './scalars.ts'

const VARIABLES = new Set([
  'flow_run_notification_policy_id',
  'flow_id',
  'flow_name',
  'flow_run_url',
  'flow_run_id',
  'flow_run_name',
  'flow_run_parameters',
  'flow_run_state_type',
  'flow_run_state_name',
  'flow_run_state_timestamp',
  'flow_run_state_message',
])
// Doubled braces are braces.
const FIELD = /\{\{|\}\}|\{([^{}]*)\}/g

/** What is wrong with a template, undefined when a message can be made of it. */
function complaintAbout(template: string): string | undefined {
  for (const [, field] of template.matchAll(FIELD)) {
    const name = field?.split(/[!:]/, 1)[0]
    if (name !== undefined && !VARIABLES.has(name)) return `Invalid template variable provided: '${name}'`
  }
  const [brace] = template.replaceAll(FIELD, '').match(/[{}]/) ?? []
  return brace && `Single '${brace}' encountered in format string`
}

const MessageTemplate = z
  .string()
  .nullable()
  .superRefine((template, { addIssue }) => {
    const complaint = template === null ? undefined : complaintAbout(template)
    if (complaint) addIssue({ code: 'custom', message: `Value error, ${complaint}` })
  })

/** Which states of which flow runs are told through a block, and in what words. */
export const FlowRunNotificationPolicy = z
  .object({
    id: UuidText,
    created: TimestampText,
    updated: TimestampText,
    is_active: z.boolean(),
    state_names: z.array(z.string()),
    tags: z.array(z.string()),
    block_document_id: UuidText,
    message_template: z.string().nullable(),
  })
  .meta({ id: 'FlowRunNotificationPolicy' })
export interface FlowRunNotificationPolicy extends z.infer<typeof FlowRunNotificationPolicy> {}

export const FlowRunNotificationPolicyCreate = z
  .strictObject({
    is_active: Bool.default(true),
    state_names: z.array(z.string()),
    tags: Tags,
    block_document_id: Uuid,
    message_template: MessageTemplate.default(null),
  })
  .meta({ id: 'FlowRunNotificationPolicyCreate' })
export interface FlowRunNotificationPolicyCreate extends z.infer<typeof FlowRunNotificationPolicyCreate> {}

/** Only the keys that are present are written. */
export const FlowRunNotificationPolicyUpdate = z
  .strictObject({
    is_active: Bool.optional(),
    state_names: z.array(z.string()).optional(),
    tags: Tags.optional(),
    block_document_id: Uuid.optional(),
    message_template: MessageTemplate.optional(),
  })
  .meta({ id: 'FlowRunNotificationPolicyUpdate' })
export interface FlowRunNotificationPolicyUpdate extends z.infer<typeof FlowRunNotificationPolicyUpdate> {}

/** Which policies: those that are not active, unless `is_active` says otherwise; null lifts that. */
export const FlowRunNotificationPolicyFilter = z
  .strictObject({
    is_active: z
      .strictObject({ eq_: flag })
      .nullable()
      .default(() => ({ eq_: false })),
  })
  .meta({ id: 'FlowRunNotificationPolicyFilter' })
export interface FlowRunNotificationPolicyFilter extends z.infer<typeof FlowRunNotificationPolicyFilter> {}
