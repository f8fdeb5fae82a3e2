import type { ColumnKind } from '../../src/database/columns.ts'
import { TABLES } from '../../src/database/tables.ts'
import type { Row, TableName } from '../../src/database/tables.ts'
import { START } from './start.ts'

let made = 0

/** A new id; ids made later are greater. */
export function nextId(): string {
  return `00000000-0000-4000-8000-${(++made).toString(16).padStart(12, '0')}`
}

const base = () => ({ id: nextId(), created: START, updated: START })

const noState = {
  state_id: null,
  state_type: null,
  state_name: null,
  state_timestamp: null,
  run_count: 0,
  expected_start_time: null,
  next_scheduled_start_time: null,
  start_time: null,
  end_time: null,
  total_run_time: 0,
  empirical_policy: {},
  tags: [],
  labels: {},
}

export function flowRow(row: Partial<Row<'flow'>> = {}): Row<'flow'> {
  const { id, ...rest } = base()
  return { id, ...rest, name: `flow ${id}`, tags: [], labels: {}, ...row }
}

export function flowRunRow(row: Partial<Row<'flow_run'>> & { flow_id: string }): Row<'flow_run'> {
  return {
    ...base(),
    ...noState,
    name: 'a flow run',
    deployment_id: null,
    deployment_version: null,
    work_queue_id: null,
    work_queue_name: null,
    flow_version: null,
    parameters: {},
    idempotency_key: null,
    context: {},
    parent_task_run_id: null,
    auto_scheduled: false,
    infrastructure_document_id: null,
    infrastructure_pid: null,
    created_by: null,
    job_variables: {},
    ...row,
  }
}

export function taskRunRow(row: Partial<Row<'task_run'>> = {}): Row<'task_run'> {
  const { id, ...rest } = base()
  return {
    id,
    ...rest,
    ...noState,
    name: 'a task run',
    flow_run_id: null,
    task_key: 'task',
    dynamic_key: id,
    cache_key: null,
    cache_expiration: null,
    task_version: null,
    task_inputs: {},
    flow_run_run_count: 0,
    ...row,
  }
}

const FILLERS: { [Kind in ColumnKind]: unknown } = {
  uuid: null,
  text: '',
  integer: 0,
  real: 0,
  timestamp: START,
  boolean: false,
  json: {},
}

/** A row of a table whose other columns do not matter to the test. */
export function filledRow<Name extends TableName>(table: Name, row: Partial<Row<Name>>): Row<Name> {
  const columns = Object.keys(TABLES[table])
  const filled = Object.entries(TABLES[table]).map(([name, { kind }]) => [name, FILLERS[kind]])
  const own = Object.entries(base()).filter(([name]) => columns.includes(name))
  return { ...Object.fromEntries(filled), ...Object.fromEntries(own), ...row } as Row<Name>
}
