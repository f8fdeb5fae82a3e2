import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { FlowRunSort, TaskRunSort } from '@reeve/schemas/sorts'

export type Order = RawBuilder<unknown>

/**
 * An order that is total: rows of one value by id. NULL counts as the greatest value on both databases,
 * which either can read from an index.
 */
export function ascending(value: string | Order, id: string): Order {
  return sql`${reference(value)} asc nulls last, ${sql.ref(id)} asc`
}

export function descending(value: string | Order, id: string): Order {
  return sql`${reference(value)} desc nulls first, ${sql.ref(id)} desc`
}

function reference(value: string | Order): Order {
  return typeof value === 'string' ? sql.ref(value) : value
}

const start = sql`coalesce(flow_run.start_time, flow_run.expected_start_time)`

export const FLOW_RUN_ORDERS: { [Sort in FlowRunSort]: Order } = {
  ID_DESC: sql`flow_run.id desc`,
  START_TIME_ASC: ascending(start, 'flow_run.id'),
  START_TIME_DESC: descending(start, 'flow_run.id'),
  EXPECTED_START_TIME_ASC: ascending('flow_run.expected_start_time', 'flow_run.id'),
  EXPECTED_START_TIME_DESC: descending('flow_run.expected_start_time', 'flow_run.id'),
  NAME_ASC: ascending('flow_run.name', 'flow_run.id'),
  NAME_DESC: descending('flow_run.name', 'flow_run.id'),
  NEXT_SCHEDULED_START_TIME_ASC: ascending('flow_run.next_scheduled_start_time', 'flow_run.id'),
  END_TIME_DESC: descending('flow_run.end_time', 'flow_run.id'),
}

export const TASK_RUN_ORDERS: { [Sort in TaskRunSort]: Order } = {
  ID_DESC: sql`task_run.id desc`,
  EXPECTED_START_TIME_ASC: ascending('task_run.expected_start_time', 'task_run.id'),
  EXPECTED_START_TIME_DESC: descending('task_run.expected_start_time', 'task_run.id'),
  NAME_ASC: ascending('task_run.name', 'task_run.id'),
  NAME_DESC: descending('task_run.name', 'task_run.id'),
  NEXT_SCHEDULED_START_TIME_ASC: ascending('task_run.next_scheduled_start_time', 'task_run.id'),
  END_TIME_DESC: descending('task_run.end_time', 'task_run.id'),
}
