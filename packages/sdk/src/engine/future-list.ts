import type { Future } from './future.ts'
import type { State } from './state.ts'

/** What `map` returns: an array of futures which can also be awaited as a whole. */
export class FutureList<T> extends Array<Future<T>> implements PromiseLike<T[]> {
  // Methods such as map and filter give plain arrays.
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }

  static fromFutures<T>(futures: readonly Future<T>[]): FutureList<T> {
    const list = new FutureList<T>()
    for (const future of futures) list.push(future)
    return list
  }

  /** All results in order; throws the first failure. */
  result(): Promise<T[]> {
    return Promise.all(Array.from(this))
  }

  /** All final states in order. */
  states(): Promise<State<T>[]> {
    return Promise.all(Array.from(this, (future) => future.state()))
  }

  // oxlint-disable-next-line unicorn/no-thenable
  then<A = T[], B = never>(
    onFulfilled?: ((value: T[]) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.result().then(onFulfilled, onRejected)
  }
}
