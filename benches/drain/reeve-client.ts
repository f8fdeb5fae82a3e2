import { serveTasks, task } from 'reeve'

/** Run by the benchmark with REEVE_API_URL set: queues so many no-op background runs and carries them out. */
const [count, concurrency] = process.argv.slice(2).map(Number) as [number, number]
const end = new AbortController()
let done = 0
const noop = task(() => {}, {
  name: 'noop',
  // Called when the server has the final state.
  onCompletion: () => {
    if (++done === count) end.abort()
  },
})

const perSecond = (began: number) => count / ((performance.now() - began) / 1000)
let began = performance.now()
await noop.delayMany(Array.from({ length: count }, () => []))
const enqueuePerSecond = perSecond(began)
began = performance.now()
await serveTasks([noop], { concurrency, signal: end.signal })
const { rss } = process.memoryUsage()
process.stdout.write(`${JSON.stringify({ enqueuePerSecond, drainPerSecond: perSecond(began), rss })}\n`)
