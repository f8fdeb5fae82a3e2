import type { Future } from './future.ts'
import type { State } from './state.ts'

export interface Waited<F extends Future<unknown>> {
  done: F[]
  notDone: F[]
}

/**
 * Waits for all futures, at most so many seconds, and says which ones are finished. Never throws for failures.
 * @example const { done, notDone } = await wait(fetchPage.map(urls), 30)
 */
export async function wait<F extends Future<unknown>>(
  futures: Iterable<F>,
  timeoutSeconds?: number,
): Promise<Waited<F>> {
  const all = [...futures]
  const finished = await Promise.all(all.map((future) => future.wait(timeoutSeconds)))
  return {
    done: all.filter((_, i) => finished[i] !== undefined),
    notDone: all.filter((_, i) => finished[i] === undefined),
  }
}

/** A future that is over. */
export interface Finished<T> {
  /** Its place among the futures that were given. */
  index: number
  future: Future<T>
  state: State<T>
}

/**
 * Gives the futures in the order in which they finish, failed ones too.
 * @example for await (const { index, state } of asCompleted(fetchPage.map(urls))) console.log(urls[index], state.name)
 */
export async function* asCompleted<F extends Future<unknown>>(
  futures: Iterable<F>,
): AsyncGenerator<Finished<Awaited<F>>, void, undefined> {
  const all = [...futures] as Future<Awaited<F>>[]
  const ready: Finished<Awaited<F>>[] = []
  let wake = Promise.withResolvers<void>()
  let failure: { error: unknown } | undefined
  for (const [index, future] of all.entries()) {
    future.state().then(
      (state) => {
        ready.push({ index, future, state })
        wake.resolve()
      },
      (error: unknown) => {
        failure ??= { error }
        wake.resolve()
      },
    )
  }
  for (let given = 0; given < all.length; given++) {
    while (ready.length === 0) {
      if (failure) throw failure.error
      await wake.promise
      wake = Promise.withResolvers()
    }
    yield ready.shift()!
  }
}
