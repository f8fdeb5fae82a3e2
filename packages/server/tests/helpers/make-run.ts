import type { Row } from '../../src/database/tables.ts'
import { START } from './test-context.ts'

/** A flow with a name of its own. */
export function makeFlow(fields: Partial<Row<'flow'>> = {}): Row<'flow'> {
  const id = crypto.randomUUID()
  return { id, created: START, updated: START, name: `flow-${id}`, tags: [], labels: {}, ...fields }
}

/** A flow run without a state. */
export function makeFlowRun(fields: Partial<Row<'flow_run'>> & { flow_id: string }): Row<'flow_run'> {
  const id = crypto.randomUUID()
  return {
    id,
    created: START,
    updated: START,
    name: `run-${id}`,
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
    job_variables: null,
    ...fields,
  }
}
