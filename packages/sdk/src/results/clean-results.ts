import { readdir, rm, rmdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** Which results are deleted. */
export interface CleanResultsOptions {
  /** Files that were last written so many days ago, or longer, go. */
  olderThanDays: number
  /** Only counts them. */
  dryRun?: boolean | undefined
}

/** What was deleted. */
export interface CleanedResults {
  files: number
  bytes: number
}

/**
 * Deletes old files of a `localStorage` folder, and folders that are empty then. Runs whose results are gone are
 * carried out anew when they are resumed or would have been taken from a cache.
 * @example await cleanResults('.reeve/results', { olderThanDays: 30 })
 */
export async function cleanResults(
  folder: string,
  { olderThanDays, dryRun = false }: CleanResultsOptions,
): Promise<CleanedResults> {
  if (!(olderThanDays >= 0)) throw new RangeError('olderThanDays must be a number of days')
  const cleaned = { files: 0, bytes: 0 }
  await cleanFolder(resolve(folder), Date.now() - olderThanDays * DAY_MS, dryRun, cleaned)
  return cleaned
}

const DAY_MS = 86_400_000

/** Tells whether the folder is empty now. */
async function cleanFolder(
  folder: string,
  before: number,
  dryRun: boolean,
  cleaned: CleanedResults,
): Promise<boolean> {
  let left = 0
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(noneIfAbsent)) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      const isEmpty = await cleanFolder(path, before, dryRun, cleaned)
      // A result that is just being written keeps its folder.
      if (isEmpty && !dryRun) await rmdir(path).catch(() => left++)
      else left++
    } else if (!(await cleanFile(path, before, dryRun, cleaned))) left++
  }
  return left === 0
}

async function cleanFile(
  path: string,
  before: number,
  dryRun: boolean,
  cleaned: CleanedResults,
): Promise<boolean> {
  const { mtimeMs, size } = await stat(path).catch(() => ({ mtimeMs: Infinity, size: 0 }))
  if (mtimeMs > before) return false
  cleaned.files++
  cleaned.bytes += size
  if (!dryRun) await rm(path, { force: true })
  return !dryRun
}

function noneIfAbsent(error: unknown): never[] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
  throw error
}
