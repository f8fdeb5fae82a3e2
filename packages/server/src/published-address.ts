import { rm, writeFile } from 'node:fs/promises'

/**
 * Says, in a file beside a SQLite database, where the server is that has it: programs of the same project
 * use that server, since only one process can have the file. PostgreSQL has many servers and needs none of it.
 */
export async function publishAddress(database: string, url: string): Promise<{ withdraw(): Promise<void> }> {
  if (database === ':memory:' || /^postgres(?:ql)?:/.test(database)) return { withdraw: async () => {} }
  const file = `${database}.url`
  await writeFile(file, url)
  return { withdraw: () => rm(file, { force: true }) }
}
