import { storedJson } from './codecs.ts'
import { compileRowBinder } from './compiled-rows.ts'
import type { RowBinder } from './compiled-rows.ts'
import type { Session } from './session.ts'
import { TABLES } from './tables.ts'
import type { Row, TableName } from './tables.ts'

const quote = (name: string) => `"${name}"`
const statements = new Map<string, BulkStatement>()

interface BulkStatement {
  sql: string
  /** Of SQLite, which executes once for each row. */
  bind: RowBinder
}

function cached(key: string, columns: readonly string[], makeSql: () => string): BulkStatement {
  let statement = statements.get(key)
  if (!statement) {
    statement = { sql: makeSql(), bind: compileRowBinder('sqlite', columns) }
    statements.set(key, statement)
  }
  return statement
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
    const { sql, bind } = cached(key, columns, () => {
      const marks = columns.map(() => '?').join(', ')
      return `insert into ${quote(table)} (${columns.map(quote).join(', ')}) values (${marks})${suffix}`
    })
    const changes = await session.executeEach(sql, rows.map(bind))
    for (const [index, row] of rows.entries()) {
      if (changes[index]) inserted.add((row as { id: string }).id)
    }
    return inserted
  }
  const { sql } = cached(key, columns, () => {
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
    const all = [...columns, 'id', ...(forward ? [forward] : [])]
    const { sql, bind } = cached(key, all, () => {
      const set = columns.map((name) => `${quote(name)} = ?`).join(', ')
      const later = forward ? ` and ${quote(forward)} < ?` : ''
      return `update ${quote(table)} set ${set} where "id" = ?${later}`
    })
    await session.executeEach(sql, rows.map(bind))
    return
  }
  const { sql } = cached(key, columns, () => {
    const set = columns.map((name) => `${quote(name)} = r.${quote(name)}`).join(', ')
    const later = forward ? ` and t.${quote(forward)} < r.${quote(forward)}` : ''
    return `update ${quote(table)} t set ${set} from json_populate_recordset(null::${quote(table)}, $1) r where t."id" = r."id"${later}`
  })
  const parameters = [recordset(['id', ...columns], rows as readonly { [column: string]: unknown }[])]
  await session.execute({ sql, parameters, named: true })
}
