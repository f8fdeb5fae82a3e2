import { currentClock } from './current-clock.ts'
import { currentScope } from './scope.ts'
import type { State } from './state.ts'

/**
 * A run that was started and may still be going on. Awaiting it gives the result or throws the failure;
 * passed to a task as an argument, it makes that task wait for it and shows as a dependency.
 */
export class Future<T> implements PromiseLike<T> {
  /** Id of the flow run or task run; known once the server has created it. */
  readonly runId: Promise<string>
  /** Id by which other runs depend on this one: of the task run, or of the one that stands for a subflow. */
  readonly taskRunId: Promise<string> | undefined
  /** Shown in messages. */
  readonly label: string
  readonly #state: Promise<State<T>>

  constructor(label: string, ids: FutureIds, state: Promise<State<T>>) {
    this.label = label
    this.runId = ids.runId
    this.taskRunId = ids.taskRunId
    this.#state = state
    // A run that nobody waits for must not end the process when it fails; its state tells.
    for (const promise of [state, ids.runId, ids.taskRunId]) promise?.catch(() => {})
  }

  /** The final state; does not throw when the run fails. */
  state(): Promise<State<T>> {
    const { flow, task, runtime } = currentScope() ?? {}
    if (task) return task.slot.lend(this.#state)
    return (!flow && runtime?.clock.whileWaiting?.(this.#state)) || this.#state
  }

  /** Waits at most so many seconds; undefined when the run is not finished by then. */
  async wait(timeoutSeconds?: number): Promise<State<T> | undefined> {
    if (timeoutSeconds === undefined) return this.state()
    const late = Promise.withResolvers<undefined>()
    const timer = currentClock().after(timeoutSeconds * 1000, () => late.resolve(undefined), 'wake')
    return Promise.race([this.state(), late.promise]).finally(() => timer.cancel())
  }

  result(): Promise<T> {
    return this.state().then((state) => state.result())
  }

  // oxlint-disable-next-line unicorn/no-thenable
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.result().then(onFulfilled, onRejected)
  }

  catch<B = never>(onRejected: (reason: unknown) => B | PromiseLike<B>): Promise<T | B> {
    return this.result().catch(onRejected)
  }

  finally(onFinally: () => void): Promise<T> {
    return this.result().finally(onFinally)
  }
}

export interface FutureIds {
  runId: Promise<string>
  taskRunId: Promise<string> | undefined
}
