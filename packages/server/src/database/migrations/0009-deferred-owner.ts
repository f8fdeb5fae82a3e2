import type { Migration } from './index.ts'

/**
 * SQLite keeps a journal of a statement that fires triggers and may fail at a key, which is nearly half of what
 * an insert of a task run costs. All who insert one have read its flow run in the same transaction, so the key is
 * there for its cascade, and may as well be checked when the transaction commits. What is on the disk stays the
 * same, and for such changes SQLite's manual has the text of the schema edited.
 */
export const deferredOwner: Migration = {
  version: 9,
  name: 'deferred-owner',
  statements: [
    `pragma writable_schema = on`,
    `update sqlite_schema set sql = replace(sql, 'references flow_run on delete cascade',
      'references flow_run on delete cascade deferrable initially deferred') where type = 'table' and name = 'task_run'`,
    `pragma writable_schema = reset`,
  ].map((sqlite) => ({ sqlite })),
}
