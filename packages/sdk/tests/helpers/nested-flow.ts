import { setTimeout as after } from 'node:timers/promises'
import { flow } from '../../src/flow.ts'
import { runContext } from '../../src/run-context.ts'

/** Run by the crash test: a flow in a flow, which says both ids and waits to be stopped. */
const inner = flow(
  async (outerId: string) => {
    const { flowRun, signal } = runContext()
    process.stdout.write(`${outerId} ${flowRun!.id}\n`)
    await after(600_000, undefined, { signal })
  },
  { name: 'inner' },
)

await flow(() => inner(runContext().flowRun!.id), { name: 'outer' })()
