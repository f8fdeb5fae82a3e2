import {
  decrementConcurrencyLimitsWithLease,
  incrementConcurrencyLimits,
  incrementConcurrencyLimitsWithLease,
  renewConcurrencyLease,
} from './client/used-routes.ts'
import { ApiError } from './client/api-error.ts'
import { every } from './client/clock.ts'
import type { Runtime } from './engine/runtime.ts'
import { currentScope } from './engine/scope.ts'
import { usingRuntime } from './engine/using-runtime.ts'
import { log } from './logs/logger.ts'
import { type SlotWait, tellFreed, waitInLine } from './slot-line.ts'

/** What `concurrency()` and `rateLimit()` take. */
export interface SlotOptions {
  /** Slots to take of each limit. */
  occupy?: number
  /** Seconds to wait for slots; without it the wait has no end. */
  timeoutSeconds?: number
  /** Fails when a limit does not exist, where otherwise it is only warned of. */
  strict?: boolean
}

/** Options of `concurrency()`. */
export interface ConcurrencyOptions extends SlotOptions {
  /** Seconds after which the server takes the slots back from a process that has died; at least 60. */
  leaseSeconds?: number
}

/** No slots came free within `timeoutSeconds`. */
export class SlotTimeoutError extends Error {
  override readonly name = 'SlotTimeoutError'
}

/**
 * Calls `fn` while it holds slots of the named limits, and gives them back. Who waits gets them in the order of
 * asking. The slots are a lease which is renewed meanwhile; if it is lost, the signal that `fn` gets aborts.
 * @example const rows = await concurrency('warehouse', () => query(sql))
 */
export async function concurrency<T>(
  names: string | readonly string[],
  fn: (held: { signal: AbortSignal }) => T | Promise<T>,
  options: ConcurrencyOptions = {},
): Promise<T> {
  const { occupy = 1, leaseSeconds = 300, strict = false } = options
  const wanted = typeof names === 'string' ? [names] : [...names]
  return usingRuntime(async (runtime) => {
    const body = { names: wanted, slots: occupy, lease_duration: leaseSeconds, ...holder() }
    const { lease_id, limits } = await waitForSlots(runtime, wanted, options, (patience) =>
      runtime.api.call(incrementConcurrencyLimitsWithLease, { body, ...patience }),
    )
    const lost = new AbortController()
    const endRenewing = keepLease(runtime, lease_id, leaseSeconds, lost)
    try {
      noteMissing(wanted, limits, strict)
      return await fn({ signal: lost.signal })
    } finally {
      endRenewing()
      // The work is done; the server takes the slots back when the lease ends.
      await runtime.api
        .call(decrementConcurrencyLimitsWithLease, { body: { lease_id } })
        .catch((error: unknown) => log.warn(`The slots were not given back: ${String(error)}`))
      tellFreed(wanted)
    }
  })
}

/**
 * Waits for its turn under limits whose slots come back with time (`slot_decay_per_second`).
 * @example await rateLimit('github-api')
 */
export async function rateLimit(names: string | readonly string[], options: SlotOptions = {}): Promise<void> {
  const wanted = typeof names === 'string' ? [names] : [...names]
  const body = { names: wanted, slots: options.occupy ?? 1, mode: 'rate_limit' as const }
  const limits = await usingRuntime((runtime) =>
    waitForSlots(runtime, wanted, options, ({ signal }) =>
      runtime.api.call(incrementConcurrencyLimits, { body, ...(signal && { signal }) }),
    ),
  )
  noteMissing(wanted, limits, options.strict ?? false)
}

/** In line behind those who asked before; a task that waits steps aside for others. */
async function waitForSlots<T>(
  { connection, clock }: Runtime,
  names: readonly string[],
  { timeoutSeconds }: SlotOptions,
  ask: SlotWait<T>['ask'],
): Promise<T> {
  const { flow, task } = currentScope() ?? {}
  const deadline = timeoutSeconds === undefined ? Infinity : clock.now() + timeoutSeconds * 1000
  const waiting = waitInLine(connection.url, { names, ask, clock, deadline, stop: (task ?? flow)?.stop })
  const granted = await (task ? task.slot.lend(waiting) : waiting)
  if (granted !== undefined) return granted
  throw new SlotTimeoutError(`No slots of ${names.join(', ')} within ${timeoutSeconds} seconds`)
}

function keepLease(
  { api, clock }: Runtime,
  lease_id: string,
  seconds: number,
  lost: AbortController,
): () => void {
  const renew = async () => {
    try {
      await api.call(renewConcurrencyLease, { params: { lease_id }, body: { lease_duration: seconds } })
    } catch (error) {
      if (error instanceof ApiError && error.status === 410)
        lost.abort(new Error('The lease on the slots was lost'))
      else log.warn(`The lease on the slots could not be renewed yet: ${String(error)}`)
    }
  }
  return every(clock, seconds * 300, () => void renew(), 'upkeep')
}

function holder() {
  const { flow, task } = currentScope() ?? {}
  if (task) return { holder: { type: 'task_run' as const, id: task.id } }
  return flow ? { holder: { type: 'flow_run' as const, id: flow.id } } : {}
}

function noteMissing(names: string[], limits: readonly { name: string }[], strict: boolean): void {
  const missing = names.filter((name) => !limits.some((limit) => limit.name === name))
  if (missing.length === 0) return
  const message = `There is no concurrency limit named ${missing.join(', ')}`
  if (strict) throw new Error(message)
  log.warn(`${message}: nothing is limited`)
}
