import { flow, type Flow, task } from 'reeve'
import { measureWorkflows } from './measure-workflows.ts'

/** Run by the bench in a process of its own, with REEVE_API_URL set: three steps, each a task run of its own. */
const step = task((name: string, x: number) => `${name} ${x}`, { name: 'step' })

const order: Flow<[number], string[]> = flow(
  async (x: number) => [await step('reserve', x), await step('charge', x), await step('ship', x)],
  { name: 'order' },
)

await measureWorkflows(order)
