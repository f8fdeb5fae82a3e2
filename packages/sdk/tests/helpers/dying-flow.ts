import { appendFileSync } from 'node:fs'
import { flow } from '../../src/flow.ts'
import { runContext } from '../../src/run-context.ts'
import { task } from '../../src/task.ts'

/** Run by the crash test: does three steps, and in the first life is killed in the second one. */
const [notes, flowRunId] = process.argv.slice(2) as [string, string | undefined]

const step = task(
  (name: string) => {
    appendFileSync(notes, `${name}\n`)
    if (name === 'transform' && flowRunId === undefined) process.kill(process.pid, 'SIGKILL')
    return `${name} done`
  },
  { name: 'step' },
)

const etl = flow(
  async (first: string) => {
    appendFileSync(notes, `run ${runContext().flowRun!.id}\n`)
    return [await step(first), await step('transform'), await step('load')]
  },
  { name: 'dying-flow' },
)

const result = flowRunId === undefined ? await etl('extract') : await etl.resume(flowRunId)
appendFileSync(notes, `${result.join(', ')}\n`)
