/**
 * A small flow: three tasks, one of which fails twice before it works, and one whose second call is answered
 * from the cache. Run it with `npm run quickstart`. Without REEVE_API_URL the server runs inside this process.
 */
import { flow, INPUTS, log, task, withServer } from 'reeve'
import { showRun } from './show-run.ts'

let failures = 0

const fetchOrders = task(
  async (day: string) => {
    if (failures++ < 2) throw new Error(`the shop did not answer (try ${failures})`)
    return [
      { id: 1, day, total: 40n },
      { id: 2, day, total: 2n },
    ]
  },
  { name: 'fetch-orders', retries: 3, retryDelaySeconds: [0.2, 0.4] },
)

type Orders = Awaited<ReturnType<typeof fetchOrders>>

const sumUp = task((orders: Orders) => orders.reduce((sum, order) => sum + order.total, 0n), {
  name: 'sum-up',
})

const exchangeRate = task(
  async (currency: string, day: string) => {
    log.info('asking the bank', { currency, day })
    return currency === 'EUR' ? 1.1 : 1
  },
  { name: 'exchange-rate', cachePolicy: INPUTS, cacheExpirationSeconds: 60 },
)

const report = flow(
  async (day: string) => {
    const total = sumUp.submit(fetchOrders.submit(day))
    await exchangeRate('EUR', day)
    const rate = await exchangeRate('EUR', day)
    return Number(await total) * rate
  },
  { name: 'report' },
)

await withServer(async ({ client, apiUrl }) => {
  const run = report.submit('2026-01-31')
  const total = await run
  const id = await run.runId
  console.log(`\nThe report says ${total}.\n`)
  await showRun(client, id)
  console.log(`\nServer: ${apiUrl}`)
  console.log(`Run:    ${apiUrl}/flow_runs/${id}`)
})
