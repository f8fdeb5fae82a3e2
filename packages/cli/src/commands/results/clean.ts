interface CleanOptions {
  olderThanDays: string
  dryRun?: boolean
}

/** Deletes old result files of a folder, by default the project's, and says how many. */
export async function clean(given: string | undefined, options: CleanOptions): Promise<void> {
  const { join } = await import('node:path')
  const { cleanResults } = await import('reeve/results/clean-results')
  const { readSettings } = await import('reeve/settings')
  const { dryRun } = options
  const days = options.olderThanDays.trim() === '' ? Number.NaN : Number(options.olderThanDays)
  if (!(days >= 0)) {
    console.error(`reeve: --older-than-days must be a number of days, not '${options.olderThanDays}'`)
    process.exitCode = 1
    return
  }
  const folder = given ?? join(readSettings().home, 'results')
  const { files, bytes } = await cleanResults(folder, { olderThanDays: days, dryRun })
  const what = `${files} ${files === 1 ? 'file' : 'files'}, ${(bytes / 1e6).toFixed(1)} MB, of ${folder}`
  console.log(dryRun ? `Would delete ${what}` : `Deleted ${what}`)
}
