/**
 * An abort signal for a run. The engine's own listeners are kept apart from the signal's, where adding and
 * removing thousands of them at once would take quadratic time.
 */
export class Stop {
  readonly #controller = new AbortController()
  readonly #listeners = new Set<() => void>()

  /** For users' code. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  get stopped(): boolean {
    return this.#controller.signal.aborted
  }

  get reason(): unknown {
    return this.#controller.signal.reason
  }

  stop(reason: unknown): void {
    if (this.stopped) return
    this.#controller.abort(reason)
    for (const listener of this.#listeners) listener()
    this.#listeners.clear()
  }

  /** Calls the listener once when stopped, at once if that is now; the returned function takes it off. */
  onStop(listener: () => void): () => void {
    if (this.stopped) listener()
    else this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** A stop of its own which also follows this one, until it is let go with no listener left. */
  inner(): { stop: Stop; letGo: () => void } {
    const stop = new Stop()
    const unfollow = this.onStop(() => stop.stop(this.reason))
    return {
      stop,
      letGo: () => {
        if (stop.#listeners.size === 0) unfollow()
      },
    }
  }
}
