import type { DeploymentCreate } from '@reeve/schemas/deployment'
import type { DeploymentSort } from '@reeve/schemas/sorts'
import type { JsonObject } from '@reeve/schemas/json'
import type { ModelContext } from '../context.ts'
import { insertRows } from '../database/bulk.ts'
import { lockText } from '../database/locks.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { countRows } from './count-rows.ts'
import { deleteTracesOfRuns } from './delete-traces.ts'
import { setDeploymentLimit } from './deployment-limit.ts'
import { deploymentMatches } from './filters/run-filters.ts'
import type { RunFilters } from './filters/run-filters.ts'
import { tellLifecycle } from './lifecycle-events.ts'
import { limitsBy } from './concurrency-limits.ts'
import { countedAt } from './limit-counts.ts'
import type { LimitRow } from './limit-counts.ts'
import { ascending, descending } from './run-order.ts'
import type { Order } from './run-order.ts'

export type DeploymentRow = Row<'deployment'>
/** A deployment with the limit on its runs, if it has one. */
export type DeploymentRecord = DeploymentRow & { limit: LimitRow | null }

export interface DeploymentQuery extends RunFilters {
  limit: number
  offset?: number
  sort?: DeploymentSort
}

/** Creates a deployment, or sets the given keys of the one with this flow and name. */
export async function saveDeployment(
  session: Session,
  given: DeploymentCreate,
  context: ModelContext,
): Promise<{ deployment: DeploymentRecord; created: boolean }> {
  await lockText(session, `deployment ${given.flow_id} ${given.name}`)
  const known = await session.first(
    session.build
      .selectFrom('deployment')
      .selectAll()
      .where('flow_id', '=', given.flow_id)
      .where('name', '=', given.name),
  )
  const now = context.clock.now()
  const base = known ?? blankDeployment(given, context)
  const row: DeploymentRow = {
    ...base,
    ...givenColumns(given),
    labels: await labelsOf(session, given),
    updated: now,
  }
  if (known) await session.run(session.build.updateTable('deployment').set(row).where('id', '=', row.id))
  else await insertRows(session, 'deployment', [row])
  await setDeploymentLimit(session, row, given, context)
  const action = known ? 'updated' : 'created'
  await tellLifecycle(
    session,
    { kind: 'deployment', action, id: row.id, name: row.name, payload: {} },
    context,
  )
  const deployment = (await readDeployment(session, row.id, context)) as DeploymentRecord
  return { deployment, created: !known }
}

function blankDeployment({ flow_id, name }: DeploymentCreate, { clock, ids }: ModelContext): DeploymentRow {
  const now = clock.now()
  return {
    id: ids.random(),
    created: now,
    updated: now,
    name,
    flow_id,
    version: null,
    paused: false,
    tags: [],
    labels: {},
    parameters: {},
    work_queue_id: null,
    work_queue_name: null,
    concurrency_limit_id: null,
    concurrency_options: null,
    description: null,
    path: null,
    entrypoint: null,
    parameter_openapi_schema: {},
    enforce_parameter_schema: true,
    pull_steps: [],
    job_variables: {},
    status: 'NOT_READY',
    last_polled: null,
    storage_document_id: null,
    infrastructure_document_id: null,
  }
}

/** Prefect 2 clients say the same things under older names. */
function givenColumns(given: DeploymentCreate): Partial<DeploymentRow> {
  const columns = {
    version: given.version,
    paused: given.paused ?? (given.is_schedule_active == null ? undefined : !given.is_schedule_active),
    tags: given.tags,
    parameters: given.parameters,
    concurrency_options: given.concurrency_options as JsonObject | null | undefined,
    description: given.description,
    path: given.path,
    entrypoint: given.entrypoint,
    parameter_openapi_schema: given.parameter_openapi_schema,
    enforce_parameter_schema: given.enforce_parameter_schema,
    pull_steps: given.pull_steps,
    job_variables: saying(given.job_variables) ?? saying(given.infra_overrides) ?? given.job_variables,
    storage_document_id: given.storage_document_id,
    infrastructure_document_id: given.infrastructure_document_id,
  }
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined))
}

function saying(variables: JsonObject | null | undefined): JsonObject | undefined {
  return variables && Object.keys(variables).length > 0 ? variables : undefined
}

async function labelsOf(session: Session, { flow_id, labels }: DeploymentCreate): Promise<JsonObject> {
  const flow = await session.first(
    session.build.selectFrom('flow').select('labels').where('id', '=', flow_id),
  )
  return { ...flow?.labels, 'prefect.flow.id': flow_id, ...labels }
}

export async function readDeployment(
  session: Session,
  id: string,
  context: ModelContext,
): Promise<DeploymentRecord | undefined> {
  const row = await session.first(session.build.selectFrom('deployment').selectAll().where('id', '=', id))
  return row && (await withLimits(session, [row], context))[0]
}

export async function readDeploymentByName(
  session: Session,
  flowName: string,
  name: string,
  context: ModelContext,
): Promise<DeploymentRecord | undefined> {
  const row = await session.first(
    session.build
      .selectFrom('deployment')
      .innerJoin('flow', 'flow.id', 'deployment.flow_id')
      .selectAll('deployment')
      .where('flow.name', '=', flowName)
      .where('deployment.name', '=', name),
  )
  return row && (await withLimits(session, [row], context))[0]
}

const ORDERS: { [Sort in DeploymentSort]: Order } = {
  CREATED_DESC: descending('deployment.created', 'deployment.id'),
  UPDATED_DESC: descending('deployment.updated', 'deployment.id'),
  NAME_ASC: ascending('deployment.name', 'deployment.id'),
  NAME_DESC: descending('deployment.name', 'deployment.id'),
}

/** The matching deployments, by name unless told otherwise. */
export async function readDeployments(
  session: Session,
  { limit, offset = 0, sort = 'NAME_ASC', ...filters }: DeploymentQuery,
  context: ModelContext,
): Promise<DeploymentRecord[]> {
  const rows = await session.all(
    session.build
      .selectFrom('deployment')
      .selectAll('deployment')
      .where(deploymentMatches(session, filters))
      .orderBy(ORDERS[sort])
      .limit(limit)
      .offset(offset),
  )
  return withLimits(session, rows, context)
}

export async function countDeployments(session: Session, filters: RunFilters): Promise<number> {
  return countRows(session, 'deployment', deploymentMatches(session, filters))
}

/** Whether there is such a deployment. */
export async function setDeploymentPaused(
  session: Session,
  id: string,
  paused: boolean,
  { clock }: ModelContext,
): Promise<boolean> {
  const changes = await session.run(
    session.build.updateTable('deployment').set({ paused, updated: clock.now() }).where('id', '=', id),
  )
  return changes > 0
}

/** Deletes the deployment, its own limit and its runs that have not started; whether there was one. */
export async function deleteDeployment(
  session: Session,
  id: string,
  context: ModelContext,
): Promise<boolean> {
  const { build } = session
  const unstarted = build
    .selectFrom('flow_run')
    .select('id')
    .where('deployment_id', '=', id)
    .where('state_type', '=', 'SCHEDULED')
    .where('run_count', '=', 0)
  await deleteTracesOfRuns(session, unstarted, context)
  await session.run(build.deleteFrom('flow_run').where('id', 'in', unstarted))
  const row = await session.first(build.deleteFrom('deployment').where('id', '=', id).returningAll())
  if (!row) return false
  if (row.concurrency_limit_id !== null) {
    await session.run(build.deleteFrom('concurrency_limit').where('id', '=', row.concurrency_limit_id))
  }
  await tellLifecycle(
    session,
    { kind: 'deployment', action: 'deleted', id, name: row.name, payload: {} },
    context,
  )
  return true
}

async function withLimits(
  session: Session,
  rows: readonly DeploymentRow[],
  { clock, settings }: ModelContext,
): Promise<DeploymentRecord[]> {
  const ids = [...new Set(rows.flatMap((row) => row.concurrency_limit_id ?? []))]
  const limits = await limitsBy(session, 'id', ids, false)
  const byId = new Map(limits.map((limit) => [limit.id, countedAt(limit, clock.now(), settings)]))
  return rows.map((row) => ({ ...row, limit: byId.get(row.concurrency_limit_id ?? '') ?? null }))
}
