import type { FlowRunCreate } from '@reeve/schemas/flow-run'
import type { Client, State } from '@reeve/orchestration/types'
import type { JsonObject } from '@reeve/schemas/json'
import type { ModelContext } from '../context.ts'
import { insertRows } from '../database/bulk.ts'
import { DatabaseError } from '../database/errors.ts'
import { idParameter, prepared } from '../database/prepared.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { transitionFlowRun } from './flow-run-transitions.ts'
import { readFlowRun } from './flow-runs.ts'
import { compactPolicy } from './policies.ts'
import type { FlowRunRecord } from './records.ts'
import { randomRunName } from './run-names.ts'

export interface FlowRunCreation {
  flowRun: Omit<FlowRunCreate, 'state' | 'work_pool_name' | 'work_queue_name'>
  /** The first state, with a fresh id and timestamp. */
  state: State
  work_queue: { id: string; name: string } | null
  deployment_version?: string | null
  created_by: JsonObject | null
  client: Client
}

/**
 * Creates a flow run and writes its first state by force. One of the same flow with the same idempotency key
 * is answered as it is. Unknown flow or parent: an integrity error.
 */
export async function createFlowRun(
  session: Session,
  creation: FlowRunCreation,
  context: ModelContext,
): Promise<{ flowRun: FlowRunRecord; created: boolean }> {
  const { flowRun } = creation
  // Sent together. Whatever else a repeated request says may be out of date by now: it is not looked at.
  const { idempotency_key: key } = flowRun
  const [existing, labels] = await Promise.all([
    key ? readByIdempotencyKey(session, flowRun.flow_id, key) : undefined,
    labelsOf(session, creation).catch((error: unknown) => error as DatabaseError),
  ])
  if (existing) return { flowRun: existing, created: false }
  if (labels instanceof Error) throw labels
  const now = context.clock.now()
  const row: Row<'flow_run'> = {
    id: context.ids.ordered(),
    created: now,
    updated: now,
    name: flowRun.name || randomRunName(context.random),
    flow_id: flowRun.flow_id,
    deployment_id: flowRun.deployment_id,
    deployment_version: creation.deployment_version ?? null,
    work_queue_id: creation.work_queue?.id ?? null,
    work_queue_name: creation.work_queue?.name ?? null,
    flow_version: flowRun.flow_version,
    parameters: flowRun.parameters,
    idempotency_key: flowRun.idempotency_key || null,
    context: flowRun.context,
    empirical_policy: compactPolicy(flowRun.empirical_policy),
    tags: flowRun.tags,
    labels,
    parent_task_run_id: flowRun.parent_task_run_id,
    auto_scheduled: false,
    infrastructure_document_id: flowRun.infrastructure_document_id,
    infrastructure_pid: null,
    created_by: creation.created_by,
    job_variables: flowRun.job_variables ?? (flowRun.idempotency_key ? null : {}),
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
  }
  const inserted = await insertRows(
    session,
    'flow_run',
    [row],
    row.idempotency_key === null ? 'fail' : 'ignore',
  )
  if (!inserted.has(row.id)) {
    const existing = await readByIdempotencyKey(session, row.flow_id, row.idempotency_key as string)
    return { flowRun: existing as FlowRunRecord, created: false }
  }
  await transitionFlowRun(
    session,
    { flow_run_id: row.id, state: creation.state, policy: 'force', client: creation.client },
    context,
  )
  return { flowRun: (await readFlowRun(session, row.id)) as FlowRunRecord, created: true }
}

const labelsOfFlow = prepared<Pick<Row<'flow'>, 'labels'>>((session) =>
  session.build.selectFrom('flow').select('labels').where('id', '=', ''),
)

/** The flow's (or the deployment's) labels, then the system's, then the caller's. */
async function labelsOf(session: Session, { flowRun }: FlowRunCreation): Promise<JsonObject> {
  const [flow] = await labelsOfFlow(session, [idParameter(session, flowRun.flow_id)])
  if (!flow) throw new DatabaseError('integrity', `There is no flow ${flowRun.flow_id}`)
  if (flowRun.parent_task_run_id !== null) await requireTaskRun(session, flowRun.parent_task_run_id)
  const system: JsonObject = { 'prefect.flow.id': flowRun.flow_id }
  const deployment =
    flowRun.deployment_id !== null &&
    (await session.first(
      session.build.selectFrom('deployment').select('labels').where('id', '=', flowRun.deployment_id),
    ))
  // A run may name a deployment that is gone: it is then labelled as one without.
  if (!deployment) return { ...flow.labels, ...system, ...flowRun.labels }
  return {
    ...deployment.labels,
    ...system,
    'prefect.deployment.id': flowRun.deployment_id,
    ...flowRun.labels,
  }
}

async function requireTaskRun(session: Session, id: string): Promise<void> {
  const found = await session.first(session.build.selectFrom('task_run').select('id').where('id', '=', id))
  if (!found) throw new DatabaseError('integrity', `There is no task run ${id}`)
}

const idByIdempotencyKey = prepared<Pick<Row<'flow_run'>, 'id'>>((session) =>
  session.build
    .selectFrom('flow_run')
    .select('id')
    .where('flow_id', '=', '')
    .where('idempotency_key', '=', ''),
)

async function readByIdempotencyKey(
  session: Session,
  flowId: string,
  key: string,
): Promise<FlowRunRecord | undefined> {
  const [found] = await idByIdempotencyKey(session, [idParameter(session, flowId), key])
  return found && readFlowRun(session, found.id)
}
