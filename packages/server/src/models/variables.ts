import type { VariableFilter } from '@reeve/schemas/filters/variable-filter'
import type { VariableSort } from '@reeve/schemas/sorts'
import type { VariableCreate, VariableUpdate } from '@reeve/schemas/variable'
import type { ModelContext } from '../context.ts'
import { insertRows } from '../database/bulk.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { countRows } from './count-rows.ts'
import { ALWAYS } from './filters/condition.ts'
import type { Condition } from './filters/condition.ts'
import { variableFilter } from './filters/variable-filter.ts'
import { tellLifecycle } from './lifecycle-events.ts'
import type { LifecycleAction } from './lifecycle-events.ts'
import { ascending, descending } from './run-order.ts'
import type { Order } from './run-order.ts'

export type VariableRow = Row<'variable'>
export type VariableKey = { id: string } | { name: string }

/** undefined when the name is taken. */
export async function createVariable(
  session: Session,
  variable: VariableCreate,
  context: ModelContext,
): Promise<VariableRow | undefined> {
  const now = context.clock.now()
  const row = { ...variable, id: context.ids.random(), created: now, updated: now }
  const inserted = await insertRows(session, 'variable', [row], 'ignore')
  if (inserted.size === 0) return undefined
  await tell(session, 'created', row, context)
  return row
}

export async function readVariable(session: Session, key: VariableKey): Promise<VariableRow | undefined> {
  return session.first(
    session.build
      .selectFrom('variable')
      .selectAll()
      .where(...matches(key)),
  )
}

const ORDERS: { [Sort in VariableSort]: Order } = {
  CREATED_DESC: descending('variable.created', 'variable.id'),
  UPDATED_DESC: descending('variable.updated', 'variable.id'),
  NAME_DESC: descending('variable.name', 'variable.id'),
  NAME_ASC: ascending('variable.name', 'variable.id'),
}

export interface VariableQuery {
  filter?: VariableFilter | undefined
  sort: VariableSort
  limit: number
  offset: number
}

export async function readVariables(
  session: Session,
  { filter, sort, limit, offset }: VariableQuery,
): Promise<VariableRow[]> {
  return session.all(
    session.build
      .selectFrom('variable')
      .selectAll()
      .where(condition(session, filter))
      .orderBy(ORDERS[sort])
      .limit(limit)
      .offset(offset),
  )
}

export async function countVariables(session: Session, filter: VariableFilter | undefined): Promise<number> {
  return countRows(session, 'variable', condition(session, filter))
}

/** Sets the fields that are present, null included; false when there is no such variable. */
export async function updateVariable(
  session: Session,
  key: VariableKey,
  patch: VariableUpdate,
  context: ModelContext,
): Promise<boolean> {
  const set = { ...patch, updated: context.clock.now() } as Partial<VariableRow>
  const row = await session.first(
    session.build
      .updateTable('variable')
      .set(set)
      .where(...matches(key))
      .returningAll(),
  )
  if (row) await tell(session, 'updated', row, context)
  return row !== undefined
}

/** False when there is no such variable. */
export async function deleteVariable(
  session: Session,
  key: VariableKey,
  context: ModelContext,
): Promise<boolean> {
  const row = await session.first(
    session.build
      .deleteFrom('variable')
      .where(...matches(key))
      .returningAll(),
  )
  if (row) await tell(session, 'deleted', row, context)
  return row !== undefined
}

async function tell(
  session: Session,
  action: LifecycleAction,
  { id, name, value, tags }: VariableRow,
  context: ModelContext,
): Promise<void> {
  await tellLifecycle(
    session,
    { kind: 'variable', action, id, name, payload: { name, value, tags } },
    context,
  )
}

function matches(key: VariableKey): ['id' | 'name', '=', string] {
  return 'id' in key ? ['id', '=', key.id] : ['name', '=', key.name]
}

function condition(session: Session, filter: VariableFilter | undefined): Condition {
  return filter ? variableFilter(session, filter) : ALWAYS
}
