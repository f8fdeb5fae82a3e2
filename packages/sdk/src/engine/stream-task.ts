import { currentScope } from './scope.ts'
import { log } from '../logs/logger.ts'
import type { Reader } from './children.ts'
import type { Sink } from './generators.ts'
import { startTask } from './start-task.ts'
import type { TaskDefinition } from './task-options.ts'

/**
 * Runs a generator task and gives its values as they come; it makes none before it is wanted. When the reader
 * leaves, the run ends as Completed. Values of a run that may be tried again come when it has ended,
 * so that none comes twice.
 */
export async function* streamTask<Y>(
  task: TaskDefinition<any[], Y[]>,
  args: readonly unknown[],
  waitFor: readonly unknown[],
): AsyncGenerator<Y, void, undefined> {
  const handover = new Handover<Y>()
  const mayRepeat = (task.options.retries ?? 0) > 0
  const sink: Sink = (value) => {
    const given = handover.give(value as Y)
    const slot = currentScope()?.task?.slot
    return slot ? slot.lend(given) : given
  }
  const future = startTask<Y[]>(mayRepeat ? task : { ...task, sink }, args, waitFor)
  const end = () => handover.end()
  future.state().then(end, end)
  let given = 0
  const { flow, task: around, transaction } = currentScope() ?? {}
  const reader: Reader = {
    get asked() {
      return given
    },
    get isIdle() {
      return !handover.isAsked && (!around || around.slot.isReleased)
    },
    leave() {
      log.warn(
        `Nobody reads the values of ${future.label} any more, so it ends. End a reader with break or return().`,
      )
      handover.leave()
    },
  }
  const forget = [flow?.children, transaction?.children].map((children) => children?.addReader(reader))
  try {
    for (;;) {
      const next = await handover.take()
      if (!next) break
      given++
      yield next.value
    }
    // Of a result that was kept or cached nothing was handed over.
    yield* (await future.result()).slice(given)
  } finally {
    for (const each of forget) each?.()
    handover.leave()
    await future.wait()
  }
}

/** Hands values from one side to the other, one at a time. */
class Handover<T> {
  #waiting: { value: T; go: (isWanted: boolean) => void } | undefined
  /** Lets the maker of the value that was taken last go on. */
  #go: (isWanted: boolean) => void = () => {}
  #wake = Promise.withResolvers<void>()
  #state: 'open' | 'ended' | 'left' = 'open'
  #isAsked = false

  /** Resolves when the next value is wanted, or with false when none is any more. */
  give(value: T): Promise<boolean> {
    if (this.#state !== 'open') return Promise.resolve(false)
    return new Promise((go) => {
      this.#waiting = { value, go }
      this.#wake.resolve()
    })
  }

  /** Whether the reader waits for a value. */
  get isAsked(): boolean {
    return this.#isAsked
  }

  async take(): Promise<{ value: T } | undefined> {
    this.#isAsked = true
    this.#go(true)
    while (!this.#waiting) {
      if (this.#state === 'ended') return undefined
      await this.#wake.promise
      this.#wake = Promise.withResolvers()
    }
    this.#isAsked = false
    const { value, go } = this.#waiting
    this.#waiting = undefined
    this.#go = go
    return { value }
  }

  end(): void {
    if (this.#state === 'open') this.#state = 'ended'
    this.#wake.resolve()
  }

  leave(): void {
    this.#state = 'left'
    this.#go(false)
    this.#waiting?.go(false)
    this.#waiting = undefined
  }
}
