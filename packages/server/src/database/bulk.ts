import { columnArrays, unnested } from './column-arrays.ts'
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
  // Who assumes takes it for granted that nothing is in conflict.
  const ignores = conflict === 'ignore' && !session.assume
  const suffix = ignores ? ' on conflict do nothing' : ''
  const returning = 'id' in TABLES[table] && ignores ? ' returning "id"' : ''
  const key = `${session.dialect} insert ${table} ${suffix}`
  if (session.dialect === 'sqlite') {
    const { sql, bind } = cached(key, columns, () => {
      // One row has nothing to undo; SQLite would keep a journal of a statement that fires triggers otherwise.
      const marks = columns.map(() => '?').join(', ')
      return `insert or fail into ${quote(table)} (${columns.map(quote).join(', ')}) values (${marks})${suffix}`
    })
    const changes = await session.executeEach(sql, rows.map(bind))
    for (const [index, row] of rows.entries()) {
      if (changes[index]) inserted.add((row as { id: string }).id)
    }
    return inserted
  }
  const { sql } = cached(key, columns, () => {
    const list = columns.map(quote).join(', ')
    return `insert into ${quote(table)} (${list}) select * from ${unnested('r', columns)}${suffix}${returning}`
  })
  const parameters = columnArrays(columns, rows)
  const outcome = await session.execute<{ id: string }>({ sql, parameters, named: true, isBlind: !returning })
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
      return `update or fail ${quote(table)} set ${set} where "id" = ?${later}`
    })
    await session.executeEach(sql, rows.map(bind))
    return
  }
  const travelling = [...new Set<string>(['id', ...columns, ...(forward ? [forward] : [])])]
  const { sql } = cached(key, travelling, () => {
    const set = columns.map((name) => `${quote(name)} = r.${quote(name)}`).join(', ')
    const later = forward ? ` and t.${quote(forward)} < r.${quote(forward)}` : ''
    return `update ${quote(table)} t set ${set} from ${unnested('r', travelling)} where t."id" = r."id"${later}`
  })
  await session.execute({ sql, parameters: columnArrays(travelling, rows), named: true, isBlind: true })
}

/** A row as it is to be, and which of its columns differ from what is stored. */
export interface ChangedRow<R> {
  row: R
  changed: readonly string[]
}

/**
 * Sets columns of rows found by id. SQLite, which keeps indexes by the columns that a statement names, sets
 * those that changed, with a statement for each set of them; PostgreSQL sets all in one.
 */
export async function updateChanged<Name extends TableName, Column extends keyof Row<Name> & string>(
  session: Session,
  table: Name,
  columns: readonly Column[],
  rows: readonly ChangedRow<Pick<Row<Name>, Column> & { id: string }>[],
): Promise<void> {
  if (session.dialect === 'postgres') {
    return updateRows(
      session,
      table,
      columns,
      rows.map(({ row }) => row),
    )
  }
  // All at once, not one after the other: what is read next must see them even if nobody waits for them.
  const groups = [...Map.groupBy(rows, ({ changed }) => changed.join(' ')).values()]
  await Promise.all(
    groups.map((group) =>
      updateRows(
        session,
        table,
        group[0]?.changed as Column[],
        group.map(({ row }) => row),
      ),
    ),
  )
}
