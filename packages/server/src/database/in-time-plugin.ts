import {
  AliasNode,
  AndNode,
  IdentifierNode,
  OperationNodeTransformer,
  RawNode,
  TableNode,
  WhereNode,
} from 'kysely'
import type { KyselyPlugin, OperationNode, SelectQueryNode } from 'kysely'
import { queryPlugin } from './query-plugin.ts'

/** Tables and views whose rows have no `rowid`. */
const WITHOUT_ROWID = new Set(['event_resource', 'task_run_tally', 'task_run_finished'])

/**
 * Lets every selection from a table look at the clock, once in 256 rows: `in_time()` ends a statement that
 * takes too long. It comes first in the condition, so that rows which fail the rest are counted too.
 */
export const inTimePlugin = (): KyselyPlugin => queryPlugin(new InTimeTransformer())

class InTimeTransformer extends OperationNodeTransformer {
  protected override transformSelectQuery(node: SelectQueryNode): SelectQueryNode {
    const query = super.transformSelectQuery(node)
    const names = (query.from?.froms ?? []).map(nameOf).filter((name) => name !== undefined)
    // A selection within another comes here once for each that it is in.
    if (names.length === 0 || (query.where && isInTime(query.where.where))) return query
    const conditions: OperationNode[] = names.map(inTime)
    if (query.where) conditions.push(query.where.where)
    return { ...query, where: WhereNode.create(conditions.reduce(AndNode.create)) }
  }
}

const LOOK = '.rowid & 255 then 1 else in_time() end'

function inTime(name: string): RawNode {
  return RawNode.create(['case when ', LOOK], [IdentifierNode.create(name)])
}

/** Whether the condition begins with a look at the clock. */
function isInTime(condition: OperationNode): boolean {
  if (AndNode.is(condition)) return isInTime(condition.left)
  return RawNode.is(condition) && condition.sqlFragments[1] === LOOK
}

/** What the rows of a table, or of a table by another name, are called in the statement. */
function nameOf(from: OperationNode): string | undefined {
  if (TableNode.is(from)) {
    const { name } = from.table.identifier
    return WITHOUT_ROWID.has(name) ? undefined : name
  }
  if (!AliasNode.is(from) || !TableNode.is(from.node) || !nameOf(from.node)) return undefined
  return (from.alias as IdentifierNode).name
}
