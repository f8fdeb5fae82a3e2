import type { Future } from './future.ts'

export interface Waited<T> {
  done: Future<T>[]
  notDone: Future<T>[]
}

/** Waits for all futures, at most so many seconds, and says which ones are finished. Never throws for failures. */
export async function wait<T>(futures: Iterable<Future<T>>, timeoutSeconds?: number): Promise<Waited<T>> {
  const all = [...futures]
  const finished = await Promise.all(all.map((future) => future.wait(timeoutSeconds)))
  return {
    done: all.filter((_, i) => finished[i] !== undefined),
    notDone: all.filter((_, i) => finished[i] === undefined),
  }
}

/**
 * Gives the futures in the order in which they finish, failed ones too.
 * @example for await (const page of asCompleted(fetchPage.map(urls))) console.log(await page)
 */
export function asCompleted<T>(futures: Iterable<Future<T>>): AsyncIterable<Future<T>> {
  return { [Symbol.asyncIterator]: () => new CompletionIterator([...futures]) }
}

/** Not a generator: those await what they yield, and a future would become its result. */
class CompletionIterator<T> implements AsyncIterator<Future<T>> {
  readonly #ready: Future<T>[] = []
  readonly #wanting: ((result: IteratorResult<Future<T>>) => void)[] = []
  #left: number

  constructor(futures: readonly Future<T>[]) {
    this.#left = futures.length
    for (const future of futures) {
      const finish = () => this.#finish(future)
      void future.state().then(finish, finish)
    }
  }

  next(): Promise<IteratorResult<Future<T>>> {
    if (this.#left === 0) return Promise.resolve({ done: true, value: undefined })
    this.#left--
    const future = this.#ready.shift()
    if (future) return Promise.resolve({ done: false, value: future })
    return new Promise((resolve) => this.#wanting.push(resolve))
  }

  #finish(future: Future<T>): void {
    const want = this.#wanting.shift()
    if (want) want({ done: false, value: future })
    else this.#ready.push(future)
  }
}
