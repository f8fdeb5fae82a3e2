import type { Migration } from './index.ts'

/**
 * On PostgreSQL a foreign key is checked row by row, which takes a third of what a state costs to insert. All
 * who insert states hold their run locked, so only the cascade of the key is needed.
 */
export const taskRunStateOwner: Migration = {
  version: 2,
  name: 'task run state owner',
  statements: [
    { postgres: `alter table task_run_state drop constraint task_run_state_task_run_id_fkey` },
    {
      postgres: `create function delete_states_of_task_runs() returns trigger language plpgsql as $$
        begin
          delete from task_run_state using deleted_task_run where task_run_state.task_run_id = deleted_task_run.id;
          return null;
        end $$`,
    },
    {
      postgres: `create trigger delete_states_of_task_runs after delete on task_run
        referencing old table as deleted_task_run
        for each statement execute function delete_states_of_task_runs()`,
    },
  ],
}
