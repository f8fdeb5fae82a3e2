import { sql } from 'kysely'
import type { Expression, SqlBool } from 'kysely'
import type { Session } from './session.ts'
import { columnKind } from './codecs.ts'

/**
 * `column in (values)` whose SQL text does not depend on how many values there are, so that the statement
 * stays prepared. `column` is a column name or `alias.column`.
 */
export function inList(
  session: Session,
  column: string,
  values: readonly (string | number)[],
): Expression<SqlBool> {
  const name = column.slice(column.lastIndexOf('.') + 1)
  const kind = columnKind(name)
  if (session.dialect === 'sqlite') {
    const item = kind === 'uuid' ? sql`unhex(replace(value, '-', ''))` : sql`value`
    return sql<SqlBool>`${sql.ref(column)} in (select ${item} from json_each(${JSON.stringify(values)}))`
  }
  const type =
    kind === 'uuid'
      ? sql`uuid[]`
      : kind === 'timestamp'
        ? sql`bigint[]`
        : kind === 'integer'
          ? sql`integer[]`
          : sql`text[]`
  return sql<SqlBool>`${sql.ref(column)} = any(${values}::${type})`
}
