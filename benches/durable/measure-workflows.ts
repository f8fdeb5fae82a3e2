/** What one client found; printed as one line of JSON. */
export interface WorkflowMeasure {
  /** Of workflows one after the other. */
  p50Ms: number
  p99Ms: number
  /** With `parallel` at a time. */
  perSecond: number
}

/** Phases of as many seconds as the first argument says; so many at a time as the second says. */
export async function measureWorkflows(workflow: (x: number) => Promise<unknown>): Promise<void> {
  const [seconds, parallel] = process.argv.slice(2).map(Number) as [number, number]
  await atATime(workflow, parallel, seconds / 2)
  const times: number[] = []
  await atATime(workflow, 1, seconds, times)
  const { perSecond } = await atATime(workflow, parallel, seconds)
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(share * (times.length - 1))] as number
  const found: WorkflowMeasure = { p50Ms: at(0.5), p99Ms: at(0.99), perSecond }
  process.stdout.write(`${JSON.stringify(found)}\n`)
}

async function atATime(
  workflow: (x: number) => Promise<unknown>,
  parallel: number,
  seconds: number,
  times: number[] = [],
): Promise<{ perSecond: number }> {
  const began = performance.now()
  const until = began + seconds * 1000
  let done = 0
  const one = async () => {
    while (performance.now() < until) {
      const start = performance.now()
      await workflow(done)
      times.push(performance.now() - start)
      done++
    }
  }
  await Promise.all(Array.from({ length: parallel }, one))
  return { perSecond: done / ((performance.now() - began) / 1000) }
}
