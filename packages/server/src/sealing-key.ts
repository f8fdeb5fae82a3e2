import { readFile, writeFile } from 'node:fs/promises'
import type { Clock } from './clock.ts'
import type { Database } from './database/database.ts'
import type { Ids } from './ids.ts'
import { claimConfiguration, SEALING_KEY } from './models/configuration.ts'
import { createSealer, generateKey } from './models/sealing.ts'
import type { Sealer } from './models/sealing.ts'
import type { Settings } from './settings.ts'

const OWNER_ONLY = 0o600

/**
 * The sealer of a server. Its key is the setting's. Without one, a SQLite database has a key file beside it,
 * so that a copy of the database alone tells no secrets; a PostgreSQL database, which several servers share
 * and no file belongs to, keeps the key in its configuration: that protects logs and dumps of single tables
 * only, and whoever wants more sets a key.
 */
export async function openSealer(
  settings: Settings,
  database: Database,
  context: { clock: Clock; ids: Ids },
): Promise<Sealer> {
  if (settings.encryption_key !== undefined) return createSealer(settings.encryption_key)
  if (database.dialect === 'sqlite' && settings.database !== ':memory:') {
    return createSealer(await keyInFile(`${settings.database.replace(/^sqlite:(\/\/)?/, '')}.key`))
  }
  const key = await database.write((session) =>
    claimConfiguration(session, SEALING_KEY, generateKey(), context),
  )
  return createSealer(String(key))
}

async function keyInFile(path: string): Promise<string> {
  try {
    const key = generateKey()
    await writeFile(path, `${key}\n`, { flag: 'wx', mode: OWNER_ONLY })
    return key
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error
    return (await readFile(path, 'utf8')).trim()
  }
}
