import type { FlowRunCreate } from '@reeve/schemas/flow-run'
import type { Client, State } from '@reeve/orchestration/types'
import type { JsonObject } from '@reeve/schemas/json'
import type { ModelContext } from '../context.ts'
import { DatabaseError } from '../database/errors.ts'
import { inList } from '../database/in-list.ts'
import { listParameter, prepared } from '../database/prepared.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { compactPolicy } from './policies.ts'
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

/** What flow runs that are to be made name: labels of flows and deployments by id, task runs that exist. */
export interface Named {
  flows: ReadonlyMap<string, JsonObject>
  deployments: ReadonlyMap<string, JsonObject>
  taskRuns: ReadonlySet<string>
}

type Labelled = Pick<Row<'flow'>, 'id' | 'labels'>

const readFlows = prepared<Labelled>((session) =>
  session.build
    .selectFrom('flow')
    .select(['id', 'labels'])
    .where(inList(session, 'flow.id', [])),
)

const readDeployments = prepared<Labelled>((session) =>
  session.build
    .selectFrom('deployment')
    .select(['id', 'labels'])
    .where(inList(session, 'deployment.id', [])),
)

const readParents = prepared<Pick<Row<'task_run'>, 'id'>>((session) =>
  session.build
    .selectFrom('task_run')
    .select('id')
    .where(inList(session, 'task_run.id', [])),
)

export async function readNamed(session: Session, creations: readonly FlowRunCreation[]): Promise<Named> {
  const ids = (column: 'flow_id' | 'deployment_id' | 'parent_task_run_id') => [
    ...new Set(creations.flatMap(({ flowRun }) => flowRun[column] ?? [])),
  ]
  const read = <R>(query: (session: Session, parameters: unknown[]) => Promise<R[]>, wanted: string[]) =>
    wanted.length > 0 ? query(session, [listParameter(session, wanted)]) : []
  const [flows, deployments, parents] = await Promise.all([
    read(readFlows, ids('flow_id')),
    read(readDeployments, ids('deployment_id')),
    read(readParents, ids('parent_task_run_id')),
  ])
  return {
    flows: new Map(flows.map(({ id, labels }) => [id, labels])),
    deployments: new Map(deployments.map(({ id, labels }) => [id, labels])),
    taskRuns: new Set(parents.map(({ id }) => id)),
  }
}

/** The run without a state, or an integrity error when its flow or its parent is not there. */
export function newFlowRun(
  creation: FlowRunCreation,
  named: Named,
  context: ModelContext,
): Row<'flow_run'> | DatabaseError {
  const { flowRun } = creation
  const { parent_task_run_id: parent } = flowRun
  const ofFlow = named.flows.get(flowRun.flow_id)
  if (!ofFlow) return new DatabaseError('integrity', `There is no flow ${flowRun.flow_id}`)
  if (parent !== null && !named.taskRuns.has(parent))
    return new DatabaseError('integrity', `There is no task run ${parent}`)
  const now = context.clock.now()
  return {
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
    labels: labelsOf(creation, ofFlow, named),
    parent_task_run_id: parent,
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
}

/** The flow's (or the deployment's) labels, then the system's, then the caller's. */
function labelsOf({ flowRun }: FlowRunCreation, ofFlow: JsonObject, { deployments }: Named): JsonObject {
  const system: JsonObject = { 'prefect.flow.id': flowRun.flow_id }
  const ofDeployment = flowRun.deployment_id === null ? undefined : deployments.get(flowRun.deployment_id)
  // A run may name a deployment that is gone: it is then labelled as one without.
  if (!ofDeployment) return { ...ofFlow, ...system, ...flowRun.labels }
  return { ...ofDeployment, ...system, 'prefect.deployment.id': flowRun.deployment_id, ...flowRun.labels }
}
