import { every } from '../client/clock.ts'
import { currentClock } from './current-clock.ts'

/** Takes the values of a generator task that goes on. */
export interface Reader {
  /** Values asked for so far. */
  readonly asked: number
  /** Whether it asks for none now, and is not part of a task that goes on. */
  readonly isIdle: boolean
  leave(): void
}

/** Seconds after which a reader that asks for nothing, when the code around it has returned, is taken for gone. */
export const READER_GRACE_SECONDS = 5

/** Runs that a flow run or a transaction has started, and which it does not end before. */
export class Children {
  readonly #runs = new Set<Promise<unknown>>()
  readonly #readers = new Set<Reader>()

  add(run: Promise<unknown>): void {
    const settled: Promise<void> = run.then(
      () => void this.#runs.delete(settled),
      () => void this.#runs.delete(settled),
    )
    this.#runs.add(settled)
  }

  /** The returned function takes the reader off. */
  addReader(reader: Reader): () => void {
    this.#readers.add(reader)
    return () => void this.#readers.delete(reader)
  }

  /**
   * Resolves when all are over, and those that they started meanwhile. A generator task would wait for ever for a
   * reader that has gone without a word, so that one is sent away.
   */
  async ended(): Promise<void> {
    if (this.#runs.size === 0) return
    const endLooking = this.#lookForGone()
    while (this.#runs.size > 0) await Promise.all(this.#runs)
    endLooking()
  }

  #lookForGone(): () => void {
    const before = new Map<Reader, number>()
    const look = () => {
      for (const reader of this.#readers) {
        if (before.get(reader) === reader.asked && reader.isIdle) reader.leave()
        before.set(reader, reader.asked)
      }
    }
    look()
    return every(currentClock(), READER_GRACE_SECONDS * 1000, look, 'wake')
  }
}
