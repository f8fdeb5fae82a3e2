/**
 * Extract, transform, load. Shows: retries whose delays grow, a cache that outlives the run, values such as
 * Map as results, and a table for people to look at.
 */
import { artifact, exponentialBackoff, flow, INPUTS, log, task } from 'reeve'

interface Order {
  city: string
  amount: number
}

let outages = 2

const extract = task(
  async (day: string): Promise<Order[]> => {
    if (outages-- > 0) throw new Error('the shop answered 503')
    console.log(`extracted ${day}`)
    return [
      { city: 'Oslo', amount: 40 },
      { city: 'Bergen', amount: 7 },
      { city: 'Oslo', amount: 2 },
    ]
  },
  {
    name: 'extract',
    retries: 3,
    retryDelaySeconds: exponentialBackoff(0.1),
    retryJitterFactor: 0.5,
    cachePolicy: INPUTS,
    cacheExpirationSeconds: 3600,
  },
)

const transform = task(
  (orders: Order[]) => {
    const totals = new Map<string, number>()
    for (const { city, amount } of orders) totals.set(city, (totals.get(city) ?? 0) + amount)
    return totals
  },
  { name: 'transform' },
)

const load = task(
  async (totals: Map<string, number>) => {
    const rows = [...totals].map(([city, total]) => ({ city, total }))
    await artifact.table(rows, { key: 'totals', description: 'Orders by city' })
    log.info('loaded', { rows: rows.length })
    return rows
  },
  { name: 'load' },
)

const etl = flow((day: string) => load(transform.submit(extract.submit(day))), { name: 'etl' })

console.log(await etl('2026-01-31'))
// The second run takes what was extracted from the cache.
console.log(await etl('2026-01-31'))
