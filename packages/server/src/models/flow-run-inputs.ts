import { FLOW_RUN_INPUT_CREATED } from '@reeve/schemas/passing-events'
import type { ModelContext } from '../context.ts'
import { insertRows } from '../database/bulk.ts'
import { inList } from '../database/in-list.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import type { EventRow } from './events.ts'

export type FlowRunInputRow = Row<'flow_run_input'>

export interface FlowRunInputCreate {
  flow_run_id: string
  key: string
  value: string
  sender: string | null
}

/** Hands a value to a flow run, which must exist; false when it has one of this key already. */
export async function createFlowRunInput(
  session: Session,
  input: FlowRunInputCreate,
  context: ModelContext,
): Promise<boolean> {
  const now = context.clock.now()
  const row: FlowRunInputRow = { ...input, id: context.ids.random(), created: now, updated: now }
  const isNew = (await insertRows(session, 'flow_run_input', [row], 'ignore')).size > 0
  if (isNew) session.onCommit(() => context.bus.publish('flowRunInput', input.flow_run_id))
  return isNew
}

/** Tells that the flow run was handed an input, which is read where inputs are read. Never stored. */
export function inputEvent(flowRunId: string, { clock, ids }: Pick<ModelContext, 'clock' | 'ids'>): EventRow {
  const now = clock.now()
  const resource_id = `prefect.flow-run.${flowRunId}`
  return {
    id: ids.ordered(),
    occurred: now,
    received: now,
    event: FLOW_RUN_INPUT_CREATED,
    resource_id,
    resource: { 'prefect.resource.id': resource_id },
    related: [],
    payload: {},
    follows: null,
  }
}

export interface FlowRunInputQuery {
  flow_run_id: string
  /** A LIKE pattern when it has `%` or `_` in it. */
  prefix: string
  exclude_keys: readonly string[]
  limit: number
}

/** The inputs whose key begins with the prefix, oldest first. */
export async function readFlowRunInputs(
  session: Session,
  { flow_run_id, prefix, exclude_keys, limit }: FlowRunInputQuery,
): Promise<FlowRunInputRow[]> {
  const excluded = inList(session, 'flow_run_input.key', exclude_keys)
  return session.all(
    session.build
      .selectFrom('flow_run_input')
      .selectAll()
      .where('flow_run_id', '=', flow_run_id)
      .where('key', 'like', `${prefix}%`)
      .$if(exclude_keys.length > 0, (query) => query.where(({ not }) => not(excluded)))
      .orderBy('created')
      .orderBy('id')
      .limit(limit),
  )
}

export async function readFlowRunInput(
  session: Session,
  flowRunId: string,
  key: string,
): Promise<FlowRunInputRow | undefined> {
  return session.first(
    session.build
      .selectFrom('flow_run_input')
      .selectAll()
      .where('flow_run_id', '=', flowRunId)
      .where('key', '=', key),
  )
}

/** Whether there was such an input. */
export async function deleteFlowRunInput(session: Session, flowRunId: string, key: string): Promise<boolean> {
  const deleted = await session.run(
    session.build.deleteFrom('flow_run_input').where('flow_run_id', '=', flowRunId).where('key', '=', key),
  )
  return deleted > 0
}
