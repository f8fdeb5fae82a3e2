import { log } from '../logs/logger.ts'
import { InterruptedRun } from './errors.ts'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const
const stops = new Set<(reason: InterruptedRun) => void>()
let received: NodeJS.Signals | undefined

/**
 * Calls `stop` when the process is told to end, so that its runs do not stay Running for ever. The process
 * ends, by that same signal, when the last run has been let go; a second signal ends it at once.
 */
export function onInterrupt(stop: (reason: InterruptedRun) => void): () => void {
  if (stops.size === 0) for (const signal of SIGNALS) process.on(signal, interrupt)
  stops.add(stop)
  return () => {
    stops.delete(stop)
    if (stops.size > 0) return
    for (const signal of SIGNALS) process.off(signal, interrupt)
    if (received) process.kill(process.pid, received)
  }
}

function interrupt(signal: NodeJS.Signals): void {
  if (received) {
    for (const each of SIGNALS) process.off(each, interrupt)
    process.kill(process.pid, signal)
    return
  }
  received = signal
  log.warn(
    `${signal}: all that runs here is told to stop, and gets some seconds for it; a second one ends it at once`,
  )
  for (const stop of stops) stop(new InterruptedRun(signal))
}
