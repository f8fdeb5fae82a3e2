/** A flow that fails at its last step, is mended, and goes on where it was: `node examples/resume.ts`. */
import { flow, log, task, withServer } from 'reeve'
import { showRun } from './show-run.ts'

let diskIsFull = true

const download = task(
  async (month: string) => {
    log.info('downloading; this happens once', { month })
    return new Map([[month, 40n]])
  },
  { name: 'download' },
)

const save = task(
  (totals: Map<string, bigint>) => {
    if (diskIsFull) throw new Error('no space left on device')
    return totals.size
  },
  { name: 'save' },
)

const archive = flow(async (month: string) => save(await download(month)), { name: 'archive' })

await withServer(async ({ client }) => {
  const run = archive.submit('2026-01')
  const id = await run.runId
  console.log(`\nFirst try: ${(await run.state()).name}`)
  await showRun(client, id)

  diskIsFull = false
  await archive.resume(id)
  console.log('\nResumed:')
  await showRun(client, id)
})
