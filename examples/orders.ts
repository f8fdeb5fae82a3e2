/**
 * A process that is killed with `kill -9` in the middle of an order. Shows: what has to be done when a
 * program starts again: it resumes the runs that were left behind, and completed steps are not repeated.
 *
 * The program plays both parts: it starts itself as the worker that dies.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { flow, task, withServer } from 'reeve'

const isFirstLife = process.argv[2] === 'first-life'

function step(name: string) {
  return task(
    (order: string) => {
      if (name === 'ship' && isFirstLife) process.kill(process.pid, 'SIGKILL')
      console.log(`${name} ${order}`)
      return `${name} by process ${isFirstLife ? 1 : 2}`
    },
    { name },
  )
}

const reserve = step('reserve')
const charge = step('charge')
const ship = step('ship')

const processOrder = flow(
  async (order: string) => [await reserve(order), await charge(order), await ship(order)],
  { name: 'process-order' },
)

if (isFirstLife) await processOrder('order-7')

await withServer(async ({ client }) => {
  const worker = spawn(process.execPath, [import.meta.filename, 'first-life'], { stdio: 'inherit' })
  const [, signal] = await once(worker, 'exit')
  console.log(`the worker died of ${signal}`)

  const left = await client.filterFlowRuns({
    body: {
      flows: { name: { any_: ['process-order'] } },
      flow_runs: { state: { type: { any_: ['RUNNING'] } } },
    },
  })
  for (const { id } of left) console.log(await processOrder.resume(id))
})
