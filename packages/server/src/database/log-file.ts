import { close, fdatasync, fdatasyncSync, open } from 'node:fs'
import { promisify } from 'node:util'

const openFile = promisify(open)
const closeFile = promisify(close)
const syncFile = promisify(fdatasync)

/** The write-ahead log of a SQLite file. */
export interface LogFile {
  /** Resolves when all that was written before the call is on the disk. */
  sync(): Promise<void>
  /**
   * The same before it returns, if the disk has been so quick of late that handing it to another thread would
   * take longer; otherwise does nothing and returns false. Throws what `sync` rejects with.
   */
  syncAtOnce(): boolean
  close(): Promise<void>
}

/** A disk that takes no longer, in milliseconds and on the average of the last few times, is waited for. */
const QUICK_MS = 1
const SHARE_OF_LAST = 0.2

/** `path` is that of the database, which is open: the log beside it stays the same file until it is closed. */
export async function openLogFile(path: string): Promise<LogFile> {
  const descriptor = await openFile(`${path}-wal`, 'r+')
  let usualMs = QUICK_MS
  const note = (began: number) => {
    usualMs += (performance.now() - began - usualMs) * SHARE_OF_LAST
  }
  return {
    async sync() {
      const began = performance.now()
      await syncFile(descriptor)
      note(began)
    },
    syncAtOnce() {
      if (usualMs >= QUICK_MS) return false
      const began = performance.now()
      fdatasyncSync(descriptor)
      note(began)
      return true
    },
    close: () => closeFile(descriptor),
  }
}
