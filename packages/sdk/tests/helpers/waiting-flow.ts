import { setTimeout as after } from 'node:timers/promises'
import { flow } from '../../src/flow.ts'
import { runContext } from '../../src/run-context.ts'
import { task } from '../../src/task.ts'

/** Run by the crash test: says its run's id and waits to be stopped. */
const wait = task(
  async () => {
    const { flowRun, signal } = runContext()
    process.stdout.write(`${flowRun!.id}\n`)
    await after(600_000, undefined, { signal })
  },
  { name: 'wait' },
)

await flow(() => wait(), { name: 'waiting-flow' })()
