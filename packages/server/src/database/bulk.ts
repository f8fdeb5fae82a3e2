import { encoder, storedJson } from './codecs.ts'
import type { Dialect } from './codecs.ts'
import type { Session } from './session.ts'
import { TABLES } from './tables.ts'
import type { Row, TableName } from './tables.ts'

const quote = (name: string) => `"${name}"`
const statements = new Map<string, string>()

function cached(key: string, make: () => string): string {
  let sql = statements.get(key)
  if (!sql) statements.set(key, (sql = make()))
  return sql
}

function encodeRow(
  dialect: Dialect,
  columns: readonly string[],
  row: { [column: string]: unknown },
): unknown[] {
  return columns.map((name) => {
    const value = row[name] ?? null
    const encode = encoder(dialect, name)
    return encode && value !== null ? encode(value) : value
  })
}

/** One parameter for all rows: PostgreSQL reads them out of a JSON text. */
function recordset(columns: readonly string[], rows: readonly { [column: string]: unknown }[]): string {
  return JSON.stringify(
    rows.map((row) => {
      const stored: { [column: string]: unknown } = {}
      for (const name of columns) stored[name] = storedJson(name, row[name] ?? null)
      return stored
    }),
  )
}

/**
 * Inserts rows with a constant statement. `conflict: 'ignore'` leaves out those which violate a unique
 * constraint. Returns the ids of what was inserted, for tables which have one.
 */
export async function insertRows<Name extends TableName>(
  session: Session,
  table: Name,
  rows: readonly Row<Name>[],
  conflict: 'fail' | 'ignore' = 'fail',
): Promise<Set<string>> {
  const inserted = new Set<string>()
  if (rows.length === 0) return inserted
  const columns = Object.keys(TABLES[table])
  const suffix = conflict === 'ignore' ? ' on conflict do nothing' : ''
  const returning = 'id' in TABLES[table] && conflict === 'ignore' ? ' returning "id"' : ''
  const key = `${session.dialect} insert ${table} ${conflict}`
  if (session.dialect === 'sqlite') {
    const sql = cached(key, () => {
      const marks = columns.map(() => '?').join(', ')
      return `insert into ${quote(table)} (${columns.map(quote).join(', ')}) values (${marks})${suffix}`
    })
    for (const row of rows as readonly { [column: string]: unknown }[]) {
      const { changes } = await session.execute({ sql, parameters: encodeRow('sqlite', columns, row) })
      if (changes > 0) inserted.add(row['id'] as string)
    }
    return inserted
  }
  const sql = cached(key, () => {
    const list = columns.map(quote).join(', ')
    return `insert into ${quote(table)} (${list}) select ${list} from json_populate_recordset(null::${quote(table)}, $1)${suffix}${returning}`
  })
  const parameters = [recordset(columns, rows as readonly { [column: string]: unknown }[])]
  const outcome = await session.execute<{ id: string }>({ sql, parameters, named: true })
  for (const row of returning ? outcome.rows : (rows as unknown as { id: string }[])) inserted.add(row.id)
  return inserted
}

/**
 * Sets the given columns of rows found by id, with a constant statement for each set of columns. With
 * `forward`, only rows in which that column is less than its new value.
 */
export async function updateRows<Name extends TableName, Column extends keyof Row<Name> & string>(
  session: Session,
  table: Name,
  columns: readonly Column[],
  rows: readonly (Pick<Row<Name>, Column> & { id: string })[],
  forward?: Column,
): Promise<void> {
  if (rows.length === 0) return
  const key = `${session.dialect} update ${table} ${columns.join(' ')} ${forward}`
  if (session.dialect === 'sqlite') {
    const sql = cached(key, () => {
      const set = columns.map((name) => `${quote(name)} = ?`).join(', ')
      const later = forward ? ` and ${quote(forward)} < ?` : ''
      return `update ${quote(table)} set ${set} where "id" = ?${later}`
    })
    const all = [...columns, 'id', ...(forward ? [forward] : [])]
    for (const row of rows) {
      await session.execute({
        sql,
        parameters: encodeRow('sqlite', all, row as { [column: string]: unknown }),
      })
    }
    return
  }
  const sql = cached(key, () => {
    const set = columns.map((name) => `${quote(name)} = r.${quote(name)}`).join(', ')
    const later = forward ? ` and t.${quote(forward)} < r.${quote(forward)}` : ''
    return `update ${quote(table)} t set ${set} from json_populate_recordset(null::${quote(table)}, $1) r where t."id" = r."id"${later}`
  })
  const parameters = [recordset(['id', ...columns], rows as readonly { [column: string]: unknown }[])]
  await session.execute({ sql, parameters, named: true })
}
