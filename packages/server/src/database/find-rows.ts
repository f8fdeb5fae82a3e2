import { encoder } from './codecs.ts'
import { columnArrays, unnested } from './column-arrays.ts'
import type { Session } from './session.ts'
import type { Row, TableName } from './tables.ts'

type Name<Table extends TableName> = keyof Row<Table> & string

const quote = (name: string) => `"${name}"`
const statements = new Map<string, string>()

/**
 * Reads columns of the rows whose `key` columns equal those of one of `keys`, with a constant statement.
 * Null equals nothing. With `keep`, nobody deletes the rows until the transaction ends.
 */
export async function findRows<Table extends TableName, Key extends Name<Table>, Column extends Name<Table>>(
  session: Session,
  table: Table,
  key: readonly Key[],
  keys: readonly Pick<Row<Table>, Key>[],
  columns: readonly Column[],
  { keep = false } = {},
): Promise<Pick<Row<Table>, Column>[]> {
  if (keys.length === 0) return []
  const name = `${session.dialect} ${table} ${key.join(' ')} ${columns.join(' ')} ${keep}`
  let sql = statements.get(name)
  if (session.dialect === 'sqlite') {
    if (!sql) {
      const where = key.map((column) => `${quote(column)} = ?`).join(' and ')
      sql = `select ${columns.map(quote).join(', ')} from ${quote(table)} where ${where}`
      statements.set(name, sql)
    }
    const rows: Pick<Row<Table>, Column>[] = []
    for (const values of keys) {
      const parameters = key.map((column) => {
        const encode = encoder('sqlite', column)
        return encode ? encode(values[column]) : values[column]
      })
      const found = await session.execute<Pick<Row<Table>, Column>>({ sql, parameters })
      rows.push(...found.rows)
    }
    return rows
  }
  if (!sql) {
    const list = columns.map((column) => `t.${quote(column)}`).join(', ')
    const on = key.map((column) => `t.${quote(column)} = k.${quote(column)}`).join(' and ')
    sql = `select ${list} from ${unnested('k', key)} join ${quote(table)} t on ${on}${keep ? ' for key share of t' : ''}`
    statements.set(name, sql)
  }
  const parameters = columnArrays(key, keys)
  const found = await session.execute<Pick<Row<Table>, Column>>({ sql, parameters, named: true })
  return found.rows
}
