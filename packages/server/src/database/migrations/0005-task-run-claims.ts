import type { Migration } from './index.ts'

/**
 * A run that is handed out leaves the queue, and one row says which runs a worker was given together: to mark each
 * run's own row, and to delete it later, costs PostgreSQL twenty times as much.
 */
export const taskRunClaims: Migration = {
  version: 5,
  name: 'task-run-claims',
  statements: [
    `drop index task_run_queue_claim`,
    `alter table task_run_queue drop column claim_id`,
    `alter table task_run_queue drop column claim_expires`,
    `create table task_run_claim (id {uuid} not null primary key, holder {uuid} not null, claimed {timestamp} not null,
      expires {timestamp} not null, task_run_ids {json})`,
  ],
}
