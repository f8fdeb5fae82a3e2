import { flow } from '../../src/flow.ts'
import { runContext } from '../../src/run-context.ts'
import { sleep } from '../../src/sleep.ts'
import { task } from '../../src/task.ts'

/** Run by the test of stopped runs: says its run's id, waits for a time and to try again; resumed, for the time. */
const id = process.argv[2]
const again = task(
  () => {
    throw new Error('not yet')
  },
  { name: 'again', retries: 1, retryDelaySeconds: 600 },
)

const stopped = flow(
  async () => {
    process.stdout.write(`${runContext().flowRun!.id}\n`)
    const waiting = id ? undefined : again.submit()
    await sleep('3s')
    await waiting
  },
  { name: 'stopped-flow' },
)

await (id ? stopped.resume(id) : stopped())
