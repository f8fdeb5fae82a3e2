/**
 * Delays a task that a worker in Python serves: `node caller.ts <task key> <folder of results>`, with REEVE_API_URL
 * set. Prints what came of it as one line of JSON.
 */
import { localStorage, task } from 'reeve'

const [name, folder] = process.argv.slice(2) as [string, string]

interface Order {
  id: string
  prices: number[]
  note: string | null
}

const total = task(
  (order: Order, discount: number, express = false): unknown => {
    throw new Error(`Python carries it out: ${order.id} ${discount} ${express}`)
  },
  { name, resultStorage: localStorage(folder) },
)

const SOON = { timeoutSeconds: 90 }
// One after the other, so that they are known by their order.
const whole = await total.delay({ id: 'øre', prices: [1.5, 2], note: null }, 0.5, true)
const short = await total.delay({ id: 'b', prices: [7], note: 'two\nlines' }, 0)
const failing = await total.delay({ id: 'c', prices: [], note: null }, 0)
const { type, message } = await failing.state(SOON)
const results = [await whole.result(SOON), await short.result(SOON)]
console.log(JSON.stringify({ results, failed: { type, message } }))
