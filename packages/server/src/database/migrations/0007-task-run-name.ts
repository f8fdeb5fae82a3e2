import type { Migration } from './index.ts'

/** Gives the order of names, for which a page would read every task run. It costs creates one percent. */
export const taskRunName: Migration = {
  version: 7,
  name: 'task-run-name',
  statements: [`create index task_run_name on task_run (name, id)`],
}
