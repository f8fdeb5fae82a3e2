import { createHash } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { sleepSeconds } from './client/sleep.ts'
import { isGone, ownSignature } from './owner.ts'

/** Lets one holder at a time have a key. */
export interface LockManager {
  /** Waits for the key; the returned function lets it go. Rejects when the signal aborts. */
  acquire(key: string, signal?: AbortSignal): Promise<() => Promise<void>>
}

/**
 * Locks among the runs of this process.
 * @example await transaction(() => writeReport(path), { key: 'report', locks: memoryLocks() })
 */
export function memoryLocks(): LockManager {
  const tails = new Map<string, Promise<void>>()
  return {
    async acquire(key, signal) {
      const before = tails.get(key)
      const mine = Promise.withResolvers<void>()
      const tail = (before ?? Promise.resolve()).then(() => mine.promise)
      tails.set(key, tail)
      void tail.then(() => tails.get(key) === tail && tails.delete(key))
      try {
        await (signal ? unlessAborted(before, signal) : before)
      } catch (error) {
        mine.resolve()
        throw error
      }
      return async () => mine.resolve()
    },
  }
}

async function unlessAborted(promise: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  await Promise.race([promise, aborted.promise]).finally(() => signal.removeEventListener('abort', abort))
}

/**
 * Locks among the processes that see one folder. The lock of a process that died on this machine is broken.
 * @example task(fetchPage, { cachePolicy: INPUTS.serializable(fileLocks('.reeve/locks')) })
 */
export function fileLocks(folder: string): LockManager {
  const root = resolve(folder)
  return {
    async acquire(key, signal) {
      await mkdir(root, { recursive: true })
      const file = join(root, `${fileName(key)}.lock`)
      for (;;) {
        signal?.throwIfAborted()
        if (await tryCreate(file)) return () => rm(file, { force: true })
        if (!(await breakIfAbandoned(file))) await sleepSeconds(POLL_SECONDS, signal)
      }
    },
  }
}

const POLL_SECONDS = 0.1

const LONGEST_NAME = 200

function fileName(key: string): string {
  const name = encodeURIComponent(key).replaceAll('.', '%2E')
  return name.length <= LONGEST_NAME ? name : createHash('sha256').update(key).digest('hex')
}

/** The lock is there together with its owner's signature, or not at all. */
async function tryCreate(file: string): Promise<boolean> {
  const draft = `${file}.${crypto.randomUUID()}`
  await writeFile(draft, ownSignature())
  try {
    await link(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** Takes the lock of a dead process away. Of several that try one does; whoever took a living one puts it back. */
async function breakIfAbandoned(file: string): Promise<boolean> {
  if (!(await isAbandoned(file))) return false
  const broken = `${file}.${crypto.randomUUID()}`
  try {
    await rename(file, broken)
  } catch {
    return true
  }
  if (!(await isAbandoned(broken))) await link(broken, file).catch(() => {})
  await rm(broken, { force: true })
  return true
}

async function isAbandoned(file: string): Promise<boolean> {
  return isGone(await readFile(file, 'utf8').catch(() => ''))
}
