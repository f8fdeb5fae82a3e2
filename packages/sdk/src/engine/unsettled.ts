/**
 * Completions of one flow run's task runs whose results were handed on before the server had answered.
 * Nothing durable comes after them: the next task's function, a sleep and the flow run's end wait for them.
 */
export class Unsettled {
  readonly #open = new Set<Promise<void>>()
  #failure: { error: unknown } | undefined

  add(completion: Promise<unknown>): void {
    const settled: Promise<void> = completion
      .then(
        () => {},
        (error: unknown) => void (this.#failure ??= { error }),
      )
      .then(() => void this.#open.delete(settled))
    this.#open.add(settled)
  }

  /** Resolves when all that were added so far are durable; throws when the server did not take one of them. */
  async settled(): Promise<void> {
    if (this.#open.size > 0) await Promise.all(this.#open)
    if (this.#failure) throw this.#failure.error
  }
}
