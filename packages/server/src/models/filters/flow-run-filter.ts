import { sql } from 'kysely'
import type { FlowRunFilter } from '@reeve/schemas/filters/flow-run-filter'
import { memberIn } from '../../database/json-list.ts'
import type { Session } from '../../database/session.ts'
import { column, listed, nullness, tags, within } from './column.ts'
import type { Condition } from './condition.ts'
import { filter, group } from './filter.ts'
import { stateType } from './state-type.ts'

type Criterion<Key extends keyof FlowRunFilter> = NonNullable<FlowRunFilter[Key]>

/** Which rows of `flow_run`. */
export const flowRunFilter = filter<FlowRunFilter>({
  id: column('flow_run.id'),
  name: column('flow_run.name'),
  tags: tags('flow_run.tags'),
  deployment_id: column('flow_run.deployment_id'),
  work_queue_name: column('flow_run.work_queue_name'),
  state: group<Criterion<'state'>>({
    type: stateType('flow_run.state_type'),
    name: column('flow_run.state_name'),
  }),
  flow_version: column('flow_run.flow_version'),
  start_time: startTime,
  end_time: column('flow_run.end_time'),
  expected_start_time: column('flow_run.expected_start_time'),
  next_scheduled_start_time: column('flow_run.next_scheduled_start_time'),
  parent_flow_run_id: parentFlowRun,
  parent_task_run_id: column('flow_run.parent_task_run_id'),
  idempotency_key: column('flow_run.idempotency_key'),
  created_by: createdBy,
})

/** The bounds hold for the expected start of a run which has not started. */
function startTime(_session: Session, criterion: Criterion<'start_time'>): Condition[] {
  return [
    ...within(sql`coalesce(flow_run.start_time, flow_run.expected_start_time)`, criterion),
    ...nullness(sql.ref('flow_run.start_time'), criterion.is_null_),
  ]
}

function parentFlowRun(session: Session, criterion: Criterion<'parent_flow_run_id'>): Condition[] {
  return listed(session, 'parent_task_run.flow_run_id', criterion).map(
    (condition) =>
      sql`flow_run.parent_task_run_id in (select parent_task_run.id from task_run as parent_task_run where ${condition})`,
  )
}

function createdBy(session: Session, { id_, type_, is_null_ }: Criterion<'created_by'>): Condition[] {
  const conditions: Condition[] = []
  if (id_) conditions.push(memberIn(session, 'flow_run.created_by', 'id', id_))
  if (type_) conditions.push(memberIn(session, 'flow_run.created_by', 'type', type_))
  return [...conditions, ...nullness(sql.ref('flow_run.created_by'), is_null_)]
}
