import type { FlowRunCreate } from '@reeve/schemas/flow-run'
import type { Client, State } from '@reeve/orchestration/types'
import type { JsonObject } from '@reeve/schemas/json'
import type { ModelContext } from '../context.ts'
import { DatabaseError } from '../database/errors.ts'
import { inList } from '../database/in-list.ts'
import { listParameter, prepared } from '../database/prepared.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import type { Surroundings } from './flow-run-events.ts'
import type { KnownFlow } from './known-runs.ts'
import { compactPolicy } from './policies.ts'
import { randomRunName } from '@reeve/schemas/run-name'

export interface FlowRunCreation {
  flowRun: Omit<FlowRunCreate, 'state' | 'work_pool_name' | 'work_queue_name'> & { id?: string | null }
  /** The first state, with a fresh id and timestamp. */
  state: State
  work_queue: { id: string; name: string } | null
  deployment_version?: string | null
  created_by: JsonObject | null
  client: Client
}

type Of<Name extends 'flow' | 'deployment' | 'task_run', Column extends keyof Row<Name>> = Pick<
  Row<Name>,
  Column
>
export type NamedFlow = Of<'flow', 'id' | 'name' | 'tags' | 'labels'>
type NamedDeployment = Of<'deployment', 'id' | 'labels'>
type NamedTaskRun = Of<'task_run', 'id' | 'name' | 'tags'>

/** What flow runs that are to be made name, by id, as far as it is there. */
export interface Named {
  flows: ReadonlyMap<string, NamedFlow>
  deployments: ReadonlyMap<string, NamedDeployment>
  taskRuns: ReadonlyMap<string, NamedTaskRun>
}

const readFlows = prepared<KnownFlow>((session) =>
  session.build
    .selectFrom('flow')
    .select(['id', 'name', 'tags', 'labels', 'updated'])
    .where(inList(session, 'flow.id', [])),
)

const readDeployments = prepared<NamedDeployment>((session) =>
  session.build
    .selectFrom('deployment')
    .select(['id', 'labels'])
    .where(inList(session, 'deployment.id', [])),
)

const readParents = prepared<NamedTaskRun>((session) =>
  session.build
    .selectFrom('task_run')
    .select(['id', 'name', 'tags'])
    .where(inList(session, 'task_run.id', [])),
)

export async function readNamed(
  session: Session,
  creations: readonly FlowRunCreation[],
  { known }: ModelContext,
): Promise<Named> {
  const read = async <R extends { id: string }>(
    query: (ids: string[]) => Promise<readonly R[]>,
    column: 'flow_id' | 'deployment_id' | 'parent_task_run_id',
  ) => {
    const ids = new Set(creations.flatMap(({ flowRun }) => flowRun[column] ?? []))
    const rows = ids.size > 0 ? await query([...ids]) : []
    return new Map(rows.map((row) => [row.id, row]))
  }
  const byIds = (ids: string[]) => [listParameter(session, ids)]
  const [flows, deployments, taskRuns] = await Promise.all([
    read(async (ids) => {
      const assumed = session.assume && known?.assumeFlows(session, ids)
      return assumed ?? readFlows(session, byIds(ids))
    }, 'flow_id'),
    read((ids) => readDeployments(session, byIds(ids)), 'deployment_id'),
    read((ids) => readParents(session, byIds(ids)), 'parent_task_run_id'),
  ])
  if (known && !session.assume) known.sawFlows([...flows.values()])
  return { flows, deployments, taskRuns }
}

/** The run without a state, or an integrity error when its flow or its parent is not there. */
export function newFlowRun(
  creation: FlowRunCreation,
  named: Named,
  context: ModelContext,
): Row<'flow_run'> | DatabaseError {
  const { flowRun } = creation
  const { parent_task_run_id: parent } = flowRun
  const flow = named.flows.get(flowRun.flow_id)
  if (!flow) return new DatabaseError('integrity', `There is no flow ${flowRun.flow_id}`)
  if (parent !== null && !named.taskRuns.has(parent))
    return new DatabaseError('integrity', `There is no task run ${parent}`)
  const now = context.clock.now()
  return {
    id: flowRun.id ?? context.ids.ordered(),
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
    labels: labelsOf(creation, flow, named),
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
function labelsOf({ flowRun }: FlowRunCreation, flow: NamedFlow, { deployments }: Named): JsonObject {
  const system: JsonObject = { 'prefect.flow.id': flowRun.flow_id }
  const deployment = flowRun.deployment_id === null ? undefined : deployments.get(flowRun.deployment_id)
  // A run may name a deployment that is gone: it is then labelled as one without.
  if (!deployment) return { ...flow.labels, ...system, ...flowRun.labels }
  return {
    ...deployment.labels,
    ...system,
    'prefect.deployment.id': flowRun.deployment_id,
    ...flowRun.labels,
  }
}

/** What is around a new run; undefined when it has a deployment or a queue, which must be read. */
export function surroundingsOf(row: Row<'flow_run'>, named: Named): Surroundings | undefined {
  const flow = named.flows.get(row.flow_id)
  if (!flow || row.deployment_id !== null || row.work_queue_id !== null) return undefined
  const parent = named.taskRuns.get(row.parent_task_run_id ?? '')
  return {
    id: row.id,
    flow__id: flow.id,
    flow__name: flow.name,
    flow__tags: flow.tags,
    deployment__id: null,
    deployment__name: '',
    deployment__tags: [],
    work_queue__id: null,
    work_queue__name: '',
    work_pool__id: null,
    work_pool__name: '',
    work_pool__type: '',
    task_run__id: parent?.id ?? null,
    task_run__name: parent?.name ?? '',
    task_run__tags: parent?.tags ?? [],
  }
}
