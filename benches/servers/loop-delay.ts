import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * Preloaded into a server: measures how late its event loop is, and how much processor time it takes from one
 * turn to the next, which other programs do not change. SIGUSR2 writes what was seen since the last one into
 * the file that LOOP_DELAY_FILE names, in milliseconds.
 */
const histogram = monitorEventLoopDelay({ resolution: 1 })
histogram.enable()
let used = process.threadCpuUsage()
let busiest = 0
setInterval(() => {
  const { user, system } = process.threadCpuUsage(used)
  busiest = Math.max(busiest, (user + system) / 1000)
  used = process.threadCpuUsage()
}, 1).unref()
process.on('SIGUSR2', () => {
  const milliseconds = (nanoseconds: number) => nanoseconds / 1e6
  const seen = {
    p99: milliseconds(histogram.percentile(99)),
    most: milliseconds(histogram.max),
    busiest,
  }
  histogram.reset()
  busiest = 0
  writeFileSync(process.env['LOOP_DELAY_FILE'] as string, JSON.stringify(seen))
})
