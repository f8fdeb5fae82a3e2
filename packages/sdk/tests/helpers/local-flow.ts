import { once } from 'node:events'
import { flow } from '../../src/flow.ts'
import { runContext } from '../../src/run-context.ts'
import { task } from '../../src/task.ts'

/** Run by the local-mode test: starts, waits for a line on standard input, and goes on. */
const step = task((name: string) => name, { name: 'step' })

const waiting = flow(
  async () => {
    const first = await step('first')
    process.stdout.write(`${runContext().flowRun!.id}\n`)
    await once(process.stdin, 'data')
    process.stdin.destroy()
    return [first, await step('second')]
  },
  { name: 'local-flow' },
)

process.stdout.write(`${(await waiting()).join(' ')}\n`)
