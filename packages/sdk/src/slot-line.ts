import { ApiError } from './client/api-error.ts'
import { type Clock, systemClock } from './client/clock.ts'
import { sleepSeconds } from './client/sleep.ts'
import type { Stop } from './engine/stop.ts'

/** How the server may be asked: for how long it may hold its answer back, and until when anybody wants it. */
interface AskOptions {
  wait?: { seconds: number; place: string }
  signal?: AbortSignal
}

export interface SlotWait<T> {
  /** Of the limits that are asked for. */
  names: readonly string[]
  /** Asks once; an ApiError 423 says that there is no room. */
  ask: (options: AskOptions) => Promise<T>
  clock: Clock
  /** By the clock; Infinity for none. */
  deadline: number
  stop: Stop | undefined
}

const SHORTEST_WAIT_SECONDS = 0.05
/** Proxies cut connections on which nothing is said for a minute. */
const LONGEST_ASK_SECONDS = 25

const lines = new Map<string, SlotLine>()

/**
 * Waits for slots behind all of this process who wait for the same ones at the same server. The first in line asks:
 * Reeve answers when it is its turn among all processes, another server is asked again and again. Undefined
 * when the time is over.
 */
export async function waitInLine<T>(server: string, wait: SlotWait<T>): Promise<T | undefined> {
  const key = JSON.stringify([server, wait.names.toSorted()])
  let line = lines.get(key)
  if (!line) {
    const first = await ask(wait, 0)
    if (!('refused' in first)) return first.granted
    line = lines.get(key) ?? new SlotLine(wait.names)
    lines.set(key, line)
  }
  try {
    return await line.wait(wait)
  } finally {
    if (line.isEmpty) lines.delete(key)
  }
}

/** Slots of these limits were given back here. */
export function tellFreed(names: readonly string[]): void {
  for (const line of lines.values()) if (line.names.some((name) => names.includes(name))) line.ring()
}

/** Those who wait in this process for slots of the same limits. */
class SlotLine {
  readonly names: readonly string[]
  readonly #turns: PromiseWithResolvers<void>[] = []
  #rung = Promise.withResolvers<void>()

  constructor(names: readonly string[]) {
    this.names = names
  }

  get isEmpty(): boolean {
    return this.#turns.length === 0
  }

  ring(): void {
    this.#rung.resolve()
  }

  async wait<T>(wait: SlotWait<T>): Promise<T | undefined> {
    const turn = Promise.withResolvers<void>()
    if (this.#turns.push(turn) === 1) turn.resolve()
    try {
      if (!(await inTime(turn.promise, wait))) return undefined
      return await this.#askUntilGranted(wait)
    } finally {
      const place = this.#turns.indexOf(turn)
      this.#turns.splice(place, 1)
      if (place === 0) this.#turns[0]?.resolve()
    }
  }

  async #askUntilGranted<T>(wait: SlotWait<T>): Promise<T | undefined> {
    const { clock, deadline } = wait
    const place = crypto.randomUUID()
    for (;;) {
      const left = (deadline - clock.now()) / 1000
      if (left <= 0) return undefined
      this.#rung = Promise.withResolvers()
      const asked = await ask(wait, Math.min(left, LONGEST_ASK_SECONDS), place)
      if (!('refused' in asked)) return asked.granted
      const seconds = Math.max(asked.refused.retryAfterSeconds ?? 1, SHORTEST_WAIT_SECONDS)
      await this.#pause(Math.min(seconds, left), wait)
    }
  }

  async #pause<T>(seconds: number, { clock, stop }: SlotWait<T>): Promise<void> {
    const rung = new AbortController()
    const signal = stop ? AbortSignal.any([stop.signal, rung.signal]) : rung.signal
    await Promise.race([sleepSeconds(seconds, signal, clock), this.#rung.promise]).finally(() => rung.abort())
  }
}

/** False when the time is over first. Rejects when it is stopped. */
async function inTime<T>(turn: Promise<void>, { clock, deadline, stop }: SlotWait<T>): Promise<boolean> {
  const over = Promise.withResolvers<boolean>()
  void turn.then(() => over.resolve(true))
  const unlisten = stop?.onStop(() => over.reject(stop.reason))
  const timer =
    deadline === Infinity
      ? undefined
      : clock.after(deadline - clock.now(), () => over.resolve(false), 'timeout')
  try {
    return await over.promise
  } finally {
    unlisten?.()
    timer?.cancel()
  }
}

async function ask<T>(
  { ask: send, clock, stop }: SlotWait<T>,
  seconds: number,
  place: string = crypto.randomUUID(),
): Promise<{ granted: T } | { refused: ApiError }> {
  try {
    // Where time is virtual, it would stand still while the server waits.
    const wait = clock === systemClock ? { wait: { seconds, place } } : {}
    return { granted: await send({ ...wait, ...(stop && { signal: stop.signal }) }) }
  } catch (error) {
    if (error instanceof ApiError && error.status === 423) return { refused: error }
    throw error
  }
}
