/**
 * Carries out the background runs of one task until it is ended: `node worker.ts <task key> <folder of results>`,
 * with REEVE_API_URL set. Prints a line when it serves.
 */
import { localStorage, serveTasks, task } from 'reeve'

const [name, folder] = process.argv.slice(2) as [string, string]

interface Order {
  id: string
  prices: number[]
  note: string | null
}

const total = task(
  (order: Order, discount: number, express: boolean) => {
    if (order.prices.length === 0) throw new RangeError(`nothing was ordered by ${order.id}`)
    const sum = order.prices.reduce((a, b) => a + b, 0)
    return { order, sum: sum - discount, express, by: 'TypeScript' }
  },
  { name, resultStorage: localStorage(folder) },
)

await serveTasks([total], { onReady: () => console.log('serving') })
