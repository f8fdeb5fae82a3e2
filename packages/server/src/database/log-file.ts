import { close, fdatasync, open } from 'node:fs'
import { promisify } from 'node:util'

const openFile = promisify(open)
const closeFile = promisify(close)
const syncFile = promisify(fdatasync)

/** The write-ahead log of a SQLite file. */
export interface LogFile {
  /** Resolves when all that was written before the call is on the disk. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** `path` is that of the database, which is open: the log beside it stays the same file until it is closed. */
export async function openLogFile(path: string): Promise<LogFile> {
  const descriptor = await openFile(`${path}-wal`, 'r+')
  return { sync: () => syncFile(descriptor), close: () => closeFile(descriptor) }
}
