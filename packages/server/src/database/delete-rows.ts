import { encoder } from './codecs.ts'
import { columnArrays, unnested } from './column-arrays.ts'
import type { Session } from './session.ts'
import type { Row, TableName } from './tables.ts'

const quote = (name: string) => `"${name}"`

/** Deletes the rows whose `key` columns equal those of one of `keys`, with a constant statement. */
export async function deleteRows<Table extends TableName, Key extends keyof Row<Table> & string>(
  session: Session,
  table: Table,
  key: readonly Key[],
  keys: readonly Pick<Row<Table>, Key>[],
): Promise<void> {
  if (keys.length === 0) return
  if (session.dialect === 'sqlite') {
    const sql = `delete from ${quote(table)} where ${key.map((name) => `${quote(name)} = ?`).join(' and ')}`
    for (const values of keys) {
      const parameters = key.map((name) => encoder('sqlite', name)?.(values[name]) ?? values[name])
      await session.execute({ sql, parameters })
    }
    return
  }
  const on = key.map((name) => `t.${quote(name)} = k.${quote(name)}`).join(' and ')
  const sql = `delete from ${quote(table)} t using ${unnested('k', key)} where ${on}`
  await session.execute({ sql, parameters: columnArrays(key, keys), named: true })
}
