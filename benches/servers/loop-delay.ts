import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * Preloaded into a server: measures how late its event loop is. SIGUSR2 writes what was seen since the last
 * one into the file that LOOP_DELAY_FILE names, in milliseconds.
 */
const histogram = monitorEventLoopDelay({ resolution: 1 })
histogram.enable()
process.on('SIGUSR2', () => {
  const milliseconds = (nanoseconds: number) => nanoseconds / 1e6
  const seen = {
    p99: milliseconds(histogram.percentile(99)),
    most: milliseconds(histogram.max),
  }
  histogram.reset()
  writeFileSync(process.env['LOOP_DELAY_FILE'] as string, JSON.stringify(seen))
})
