import { sleepUntil } from './client/sleep.ts'
import { type Duration, durationSeconds } from './durations.ts'
import { currentClock } from './engine/current-clock.ts'
import { asWaitingRun, endWaiting, suspends, suspendUntil } from './engine/waiting-run.ts'
import { log } from './logs/logger.ts'

/** Options of `sleep()`. */
export interface SleepOptions {
  /** Tells this sleep from others of the flow run, instead of its number. */
  key?: string
  /**
   * Lets the process go meanwhile. By default long sleeps of runs of a deployment do, since whoever serves it
   * takes them up again; other runs are taken up by `resume`. A subflow stays with its parent.
   */
  suspend?: boolean
}

/**
 * Waits so long, once: a flow run that is carried out again, in another process or days later, wakes at the
 * time that was set the first time. Works directly in a flow, not in a task.
 * @example await sleep('7 days')
 */
export function sleep(duration: Duration, { key, suspend }: SleepOptions = {}): Promise<void> {
  const due = new Date(currentClock().now() + durationSeconds(duration) * 1000).toISOString()
  const state = { type: 'SCHEDULED', name: 'Sleeping', state_details: { scheduled_time: due } } as const
  return asWaitingRun({ what: 'sleep()', taskKey: 'sleep', key, state }, async (waiting) => {
    const { state: now } = waiting.run
    if (now?.type === 'COMPLETED') return
    const wake = now?.state_details.scheduled_time ?? due
    const seconds = (Date.parse(wake) - currentClock().now()) / 1000
    if (suspends(waiting, seconds, suspend)) await suspendUntil(waiting, wake, `until ${wake}`)
    if (seconds > 1) log.info(`Sleeps until ${wake}`)
    await sleepUntil(wake, waiting.flow.stop.signal, currentClock())
    await endWaiting(waiting, null)
  })
}
