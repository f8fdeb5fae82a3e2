import type { Timestamp } from '@reeve/schemas/time'
import type { Row } from '../database/tables.ts'
import type { TaskRunRecord } from '../models/records.ts'

/** How the API prints what the streams send too; given by whoever puts API and streams together. */
export interface Printers {
  taskRun(taskRun: TaskRunRecord, now: Timestamp): unknown
  log(log: Row<'log'>): unknown
}
