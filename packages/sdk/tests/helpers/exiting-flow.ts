import { flow } from '../../src/flow.ts'
import { runContext } from '../../src/run-context.ts'

/** Run by the crash test: ends its process in the middle of a flow run, in the way that it is told. */
const exits: { [how: string]: () => void } = {
  exit: () => process.exit(7),
  uncaught: () =>
    queueMicrotask(() => {
      throw new Error('nobody caught this')
    }),
  unhandled: () => void Promise.reject(new Error('nobody heard of this')),
}

await flow(
  async () => {
    console.log(runContext().flowRun!.id)
    exits[process.argv[2] ?? '']?.()
    await new Promise((resolve) => setTimeout(resolve, 60_000))
  },
  { name: 'exiting-flow' },
)()
