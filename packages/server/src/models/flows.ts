import type { FlowSort } from '@reeve/schemas/sorts'
import type { ModelContext } from '../context.ts'
import { insertRows } from '../database/bulk.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { countRows } from './count-rows.ts'
import { deleteTracesOfRuns } from './delete-traces.ts'
import { flowMatches } from './filters/run-filters.ts'
import type { RunFilters } from './filters/run-filters.ts'
import { tellLifecycle } from './lifecycle-events.ts'
import type { LifecycleAction } from './lifecycle-events.ts'
import { ascending, descending } from './run-order.ts'
import type { Order } from './run-order.ts'

export type FlowRow = Row<'flow'>

/** Registers a flow; one of this name that is there already is answered as it is. */
export async function createFlow(
  session: Session,
  flow: Pick<FlowRow, 'name' | 'tags'> & { labels?: FlowRow['labels'] | null },
  context: ModelContext,
): Promise<{ flow: FlowRow; created: boolean }> {
  const known = await readFlowByName(session, flow.name)
  if (known) return { flow: known, created: false }
  const now = context.clock.now()
  const row: FlowRow = {
    id: context.ids.random(),
    created: now,
    updated: now,
    name: flow.name,
    tags: flow.tags,
    labels: flow.labels ?? {},
  }
  const inserted = await insertRows(session, 'flow', [row], 'ignore')
  if (inserted.size > 0) {
    await tell(session, 'created', row, context)
    return { flow: row, created: true }
  }
  const other = await readFlowByName(session, flow.name)
  if (!other) throw new Error('A flow that was registered by someone else is gone')
  return { flow: other, created: false }
}

export async function readFlow(session: Session, flowId: string): Promise<FlowRow | undefined> {
  return session.first(session.build.selectFrom('flow').selectAll().where('id', '=', flowId))
}

export async function readFlowByName(session: Session, name: string): Promise<FlowRow | undefined> {
  return session.first(session.build.selectFrom('flow').selectAll().where('name', '=', name))
}

const FLOW_ORDERS: { [Sort in FlowSort]: Order } = {
  CREATED_DESC: descending('flow.created', 'flow.id'),
  UPDATED_DESC: descending('flow.updated', 'flow.id'),
  NAME_ASC: ascending('flow.name', 'flow.id'),
  NAME_DESC: descending('flow.name', 'flow.id'),
}

/** What the flows must meet, and which of those that do. */
export interface FlowQuery extends RunFilters {
  limit: number
  offset?: number
  sort?: FlowSort
}

/** The matching flows, by name unless told otherwise. */
export async function readFlows(
  session: Session,
  { limit, offset = 0, sort = 'NAME_ASC', ...filters }: FlowQuery,
): Promise<FlowRow[]> {
  return session.all(
    session.build
      .selectFrom('flow')
      .selectAll('flow')
      .where(flowMatches(session, filters))
      .orderBy(FLOW_ORDERS[sort])
      .limit(limit)
      .offset(offset),
  )
}

export async function countFlows(session: Session, filters: RunFilters): Promise<number> {
  return countRows(session, 'flow', flowMatches(session, filters))
}

/** Writes only the fields of the patch; whether there is such a flow. */
export async function updateFlow(
  session: Session,
  flowId: string,
  patch: Partial<Pick<FlowRow, 'tags'>>,
  context: ModelContext,
): Promise<boolean> {
  const row = await session.first(
    session.build
      .updateTable('flow')
      .set({ ...patch, updated: context.clock.now() })
      .where('id', '=', flowId)
      .returningAll(),
  )
  if (row) await tell(session, 'updated', row, context)
  return row !== undefined
}

/** Deletes the flow with its deployments and its runs and all that is theirs; whether there was one. */
export async function deleteFlow(session: Session, flowId: string, context: ModelContext): Promise<boolean> {
  const { build } = session
  const runs = build.selectFrom('flow_run').select('id').where('flow_id', '=', flowId)
  await deleteTracesOfRuns(session, runs, context)
  const row = await session.first(build.deleteFrom('flow').where('id', '=', flowId).returningAll())
  if (row) await tell(session, 'deleted', row, context)
  return row !== undefined
}

async function tell(
  session: Session,
  action: LifecycleAction,
  { id, name, tags, labels }: FlowRow,
  context: ModelContext,
): Promise<void> {
  await tellLifecycle(session, { kind: 'flow', action, id, name, payload: { name, tags, labels } }, context)
}
