import type { Migration } from './index.ts'

/** The notification policies of Prefect 2 clients; a policy goes with the block that it notifies through. */
export const flowRunNotificationPolicy: Migration = {
  version: 6,
  name: 'flow run notification policies',
  statements: [
    `create table flow_run_notification_policy (
      id {uuid} primary key not null, created {timestamp} not null, updated {timestamp} not null,
      is_active {boolean} not null, state_names {json}, tags {json}, message_template text,
      block_document_id {uuid} not null references block_document on delete cascade)`,
    `create index flow_run_notification_policy_block on flow_run_notification_policy (block_document_id)`,
  ],
}
