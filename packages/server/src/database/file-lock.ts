import { DatabaseSync } from 'node:sqlite'
import { DatabaseError } from './errors.ts'

export interface FileLock {
  release(): void
}

/**
 * Claims a database file for this process. The claim is an open write transaction on a small file beside
 * it, which the operating system lets go when the process dies, however it dies.
 */
export function acquireFileLock(path: string): FileLock {
  const lock = new DatabaseSync(`${path}-lock`, { timeout: 0 })
  try {
    lock.exec('pragma journal_mode = delete; begin immediate')
    lock.exec('create table if not exists owner (pid integer not null); delete from owner')
    lock.prepare('insert into owner values (?)').run(process.pid)
    lock.exec('commit; begin immediate')
  } catch (error) {
    const owner = readOwner(lock)
    lock.close()
    const who = owner === undefined ? 'another process' : `process ${owner}`
    throw new DatabaseError(
      'unavailable',
      `The database ${path} is in use by ${who}; stop that server first, or give this one another file.`,
      error,
    )
  }
  return { release: () => lock.close() }
}

function readOwner(lock: DatabaseSync): number | undefined {
  try {
    return (lock.prepare('select pid from owner').get() as { pid: number } | undefined)?.pid
  } catch {
    return undefined
  }
}
