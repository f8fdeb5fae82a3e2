/**
 * A crawler that is polite. Shows: a rate limit which all programs share, since the server counts, retries
 * that tell passing failures from final ones, and the run's signal given to fetch.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { flow, rateLimit, runContext, task, withServer } from 'reeve'

class PageError extends Error {
  readonly status: number

  constructor(url: string, status: number) {
    super(`${url} answered ${status}`)
    this.status = status
  }
}

const fetchTitle = task(
  async (url: string) => {
    await rateLimit('the-site')
    const response = await fetch(url, { signal: runContext().signal })
    if (!response.ok) throw new PageError(url, response.status)
    return /<title>(.*)<\/title>/.exec(await response.text())?.[1] ?? ''
  },
  {
    name: 'fetch-title',
    retries: 2,
    retryDelaySeconds: 0.1,
    retryCondition: (error) => error instanceof PageError && error.status >= 500,
  },
)

const crawl = flow(
  async (base: string, pages: number) => {
    const urls = Array.from({ length: pages }, (_, i) => `${base}/${i + 1}`)
    const states = await fetchTitle.map(urls).states()
    return states.map((state) => (state.isCompleted ? state.result() : state.message))
  },
  { name: 'crawl', concurrency: 4 },
)

/** A small site of our own: page 3 fails once, page 5 is gone. */
const times: number[] = []
const site = createServer((request, response) => {
  times.push(Date.now())
  const page = request.url?.slice(1)
  const seen = times.length
  response.statusCode = page === '5' ? 404 : page === '3' && seen < 5 ? 503 : 200
  response.end(`<title>Page ${page}</title>`)
})
await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
const base = `http://127.0.0.1:${(site.address() as AddressInfo).port}`

await withServer(async ({ client }) => {
  await client.createConcurrencyLimitV2({ body: { name: 'the-site', limit: 5, slot_decay_per_second: 10 } })
  console.log(await crawl(base, 12))
})
console.log(
  `${times.length} requests, ${times.at(-1)! - times[0]! > 500 ? 'spread over time' : 'all at once'}`,
)
site.close()
