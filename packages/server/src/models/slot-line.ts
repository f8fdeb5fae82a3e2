import type { SlotAnswer, SlotRequest } from './slots.ts'

/** A request for slots, and how long it may take to be granted. */
export interface PatientRequest {
  request: SlotRequest
  /** With 0 it is refused when others wait. */
  seconds: number
  /** Chosen by whoever asks. One that asks again with the same token soon after its time was over keeps its place. */
  token: string | undefined
  /** Calls the listener when nobody waits for the answer any more. */
  onGone: (listener: () => void) => void
}

export interface SlotLineOptions {
  /** Answers for the first of the requests, up to the first one for which there is no room. */
  decide: (requests: readonly SlotRequest[]) => Promise<SlotAnswer[]>
  /** Given what was granted when nobody waited for it any more. */
  giveBack: (answer: SlotAnswer) => void
  /** Called when nobody waits any more. */
  onEmpty: () => void
}

interface Waiter {
  readonly resolve: (answer: SlotAnswer) => void
  readonly reject: (error: unknown) => void
  /** When its time is over. */
  readonly until: number
}

interface Place {
  request: SlotRequest
  readonly token: string | undefined
  /** Undefined while the place is only kept. */
  waiter: Waiter | undefined
  timer: NodeJS.Timeout | undefined
}

const KEPT_MS = 5000
/** As many requests as one transaction decides. */
const AT_ONCE = 100
/** Nobody tells of slots that come back with time. */
const LONGEST_LOOK_SECONDS = 5

/** Requests for slots of the same limits, granted in the order in which they came. */
export class SlotLine {
  readonly #options: SlotLineOptions
  #places: Place[] = []
  #isLooking = false
  #isToLook = false
  #retryAfterSeconds = 1
  #nextLook: NodeJS.Timeout | undefined

  constructor(options: SlotLineOptions) {
    this.#options = options
  }

  ask({ request, seconds, token, onGone }: PatientRequest): Promise<SlotAnswer> {
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject, until: performance.now() + seconds * 1000 }
      const place = this.#placeOf(token, request)
      // Of a request that was sent again, nobody hears the first answer.
      place.waiter?.resolve(full(this.#retryAfterSeconds))
      place.waiter = waiter
      if (seconds > 0) place.timer = setTimeout(() => this.#endLate(), seconds * 1000 + 1)
      onGone(() => {
        if (place.waiter === waiter) this.#leave(place)
      })
      this.look()
    })
  }

  /** To be called when there may be room. */
  look(): void {
    this.#isToLook = true
    if (!this.#isLooking) void this.#lookWhileToLook()
  }

  /** Refuses all who wait. */
  close(): void {
    for (const place of this.#places) this.#leave(place)?.resolve(full(1))
    clearTimeout(this.#nextLook)
  }

  #placeOf(token: string | undefined, request: SlotRequest): Place {
    const kept = this.#places.find((place) => token !== undefined && place.token === token)
    clearTimeout(kept?.timer)
    if (kept) return kept
    const place = { request, token, waiter: undefined, timer: undefined }
    this.#places.push(place)
    return place
  }

  #leave(place: Place): Waiter | undefined {
    const { waiter } = place
    clearTimeout(place.timer)
    place.waiter = undefined
    this.#places = this.#places.filter((each) => each !== place)
    if (this.#places.length === 0) this.#options.onEmpty()
    return waiter
  }

  async #lookWhileToLook(): Promise<void> {
    clearTimeout(this.#nextLook)
    this.#isLooking = true
    while (this.#isToLook) {
      this.#isToLook = false
      const asking = this.#places.filter(({ waiter }) => waiter).slice(0, AT_ONCE)
      if (asking.length > 0) await this.#decideOn(asking)
    }
    this.#isLooking = false
    this.#endLate()
    if (this.#places.length === 0) return
    const seconds = Math.min(this.#retryAfterSeconds, LONGEST_LOOK_SECONDS)
    this.#nextLook = setTimeout(() => this.look(), seconds * 1000).unref()
  }

  async #decideOn(asking: readonly Place[]): Promise<void> {
    try {
      const answers = await this.#options.decide(asking.map(({ request }) => request))
      for (const [i, answer] of answers.entries()) this.#settle(asking[i] as Place, answer)
      if (answers.at(-1)?.outcome !== 'full' && this.#places.length > 0) this.#isToLook = true
    } catch (error) {
      for (const place of asking) this.#leave(place)?.reject(error)
    }
  }

  #settle(place: Place, answer: SlotAnswer): void {
    if (answer.outcome === 'full') {
      place.request = { ...place.request, isAgain: true }
      this.#retryAfterSeconds = answer.retryAfterSeconds
      return
    }
    const waiter = this.#leave(place)
    if (waiter) waiter.resolve(answer)
    else this.#options.giveBack(answer)
  }

  /** Not while it is being decided on them. */
  #endLate(): void {
    if (this.#isLooking) return
    const now = performance.now()
    for (const place of this.#places) {
      const { waiter, token } = place
      if (!waiter || waiter.until > now) continue
      const hasWaited = place.timer !== undefined
      if (hasWaited && token !== undefined) {
        place.waiter = undefined
        place.timer = setTimeout(() => this.#leave(place), KEPT_MS).unref()
      } else this.#leave(place)
      waiter.resolve(full(hasWaited ? 0 : this.#retryAfterSeconds))
    }
  }
}

/** What is said to a request for which there is no room. */
export function full(retryAfterSeconds: number): SlotAnswer {
  return { outcome: 'full', limits: [], retryAfterSeconds }
}
