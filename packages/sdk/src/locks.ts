import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { hostname } from 'node:os'
import { sleepSeconds } from './client/sleep.ts'

/** Lets one holder at a time have a key. */
export interface LockManager {
  /** Waits for the key; the returned function lets it go. Rejects when the signal aborts. */
  acquire(key: string, signal?: AbortSignal): Promise<() => Promise<void>>
}

/** Locks among the runs of this process. */
export function memoryLocks(): LockManager {
  const tails = new Map<string, Promise<void>>()
  return {
    async acquire(key, signal) {
      const before = tails.get(key)
      const mine = Promise.withResolvers<void>()
      const tail = (before ?? Promise.resolve()).then(() => mine.promise)
      tails.set(key, tail)
      const letGo = async () => {
        mine.resolve()
        if (tails.get(key) === tail) tails.delete(key)
      }
      try {
        await (signal ? Promise.race([before, aborted(signal)]) : before)
      } catch (error) {
        await letGo()
        throw error
      }
      return letGo
    },
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** Locks among the processes that see one folder. The lock of a process that died on this machine is broken. */
export function fileLocks(folder: string): LockManager {
  const root = resolve(folder)
  return {
    async acquire(key, signal) {
      await mkdir(root, { recursive: true })
      const file = join(root, `${encodeURIComponent(key).replaceAll('.', '%2E')}.lock`)
      for (;;) {
        if (await tryCreate(file)) return () => rm(file, { force: true })
        if (await isAbandoned(file)) await rm(file, { force: true })
        else await sleepSeconds(POLL_SECONDS, signal)
      }
    },
  }
}

const POLL_SECONDS = 0.1

async function tryCreate(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx')
    await handle.writeFile(`${process.pid} ${hostname()}`)
    await handle.close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  const [pid, host] = (await readFile(file, 'utf8').catch(() => '')).split(' ')
  if (!pid || host !== hostname()) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
