/**
 * Work that nobody waits for. Shows: runs left to workers, which may be in other processes; arguments and results
 * through the server, a retry, and a worker that finishes what it has when it is told to stop.
 */
import { serveTasks, task, withServer } from 'reeve'

let outages = 1

const thumbnail = task(
  async (picture: string, width: number) => {
    if (picture === 'dog.png' && outages-- > 0) throw new Error('the disk is busy')
    return `${picture.replace('.png', '')}-${width}.png`
  },
  { name: 'thumbnail', retries: 1, retryDelaySeconds: 0.1 },
)

await withServer(async () => {
  const runs = await thumbnail.delayMany([
    ['cat.png', 80],
    ['dog.png', 80],
    ['owl.png', 120],
  ])
  console.log(`${runs.length} runs wait for a worker`)

  const stop = new AbortController()
  const worker = serveTasks([thumbnail], { concurrency: 2, signal: stop.signal })
  console.log(await Promise.all(runs.map((run) => run.result({ timeoutSeconds: 30 }))))
  stop.abort()
  await worker
  console.log('the worker is gone')
})
