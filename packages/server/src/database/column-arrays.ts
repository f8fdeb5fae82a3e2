import { columnKind, encoder } from './codecs.ts'
import type { ColumnKind } from './columns.ts'

const TYPES: { [Kind in ColumnKind]: string } = {
  uuid: 'uuid[]',
  text: 'text[]',
  integer: 'integer[]',
  real: 'double precision[]',
  timestamp: 'bigint[]',
  boolean: 'boolean[]',
  json: 'jsonb[]',
}

/**
 * Rows as a table of PostgreSQL with the alias `name`, whose parameters from `$1` on are those of `columnArrays`.
 * An array for each column costs PostgreSQL half of what the rows cost as JSON.
 */
export function unnested(name: string, columns: readonly string[]): string {
  const arrays = columns.map((column, index) => `$${index + 1}::${TYPES[kindOf(column)]}`)
  return `unnest(${arrays.join(', ')}) ${name}(${columns.map((column) => `"${column}"`).join(', ')})`
}

/** The parameters of `unnested`; what a row does not have is NULL. */
export function columnArrays(columns: readonly string[], rows: readonly object[]): string[] {
  return columns.map((column) => columnArray(column, rows as readonly { [column: string]: unknown }[]))
}

function columnArray(column: string, rows: readonly { [column: string]: unknown }[]): string {
  const encode = encoder('postgres', column)
  const quoted = kindOf(column) === 'text' || kindOf(column) === 'json'
  const items = rows.map((row) => {
    const value = row[column] ?? null
    const stored = encode ? encode(value) : value
    if (stored === null) return 'NULL'
    return quoted ? `"${String(stored).replace(/["\\]/g, '\\$&')}"` : String(stored)
  })
  return `{${items.join(',')}}`
}

function kindOf(column: string): ColumnKind {
  const kind = columnKind(column)
  if (!kind) throw new Error(`No table has a column ${column}`)
  return kind
}
