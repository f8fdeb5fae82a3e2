import { sql } from 'kysely'
import type { Expression, SqlBool } from 'kysely'

/** Whether a text begins with another, case-sensitive. */
export function beginsWith(text: Expression<unknown>, prefix: string): Expression<SqlBool> {
  const length = sql`cast(${[...prefix].length} as integer)`
  return sql<SqlBool>`substr(${text}, 1, ${length}) = ${prefix}`
}

const LAST_CHARACTER = '\u{10FFFF}'

/** The same for a column of sorted text, where an index can find what begins so. */
export function columnBeginsWith(column: string, prefix: string): Expression<SqlBool> {
  if (prefix === '') return sql<SqlBool>`1 = 1`
  const name = sql.ref(column)
  return sql<SqlBool>`(${name} >= ${prefix} and ${name} < ${prefix + LAST_CHARACTER})`
}
