import { Future } from './future.ts'
import { resolveFutures, findDependencies } from './inputs.ts'
import { State } from './state.ts'

/**
 * The state that a flow's return value stands for. A state is taken as it is; futures and states in a list
 * decide together: all completed gives Completed with their results; otherwise a cancelled one gives
 * Cancelled, and anything else Failed.
 */
export async function settleReturned<R>(value: unknown): Promise<State<R>> {
  if (value instanceof State) return value as State<R>
  if (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => item instanceof Future || item instanceof State)
  ) {
    return together(await Promise.all(value.map((item) => (item instanceof Future ? item.state() : item))))
  }
  const { futures } = findDependencies(value)
  if (futures.length === 0) return new State<R>('COMPLETED', { data: value as R })
  const states = await Promise.all(futures.map((future) => future.state()))
  const state = together<R>(states)
  return state.isCompleted ? state.with({ data: (await resolveFutures(value)) as R }) : state
}

function together<R>(states: readonly State<unknown>[]): State<R> {
  const bad = states.filter((state) => !state.isCompleted)
  const [first] = bad
  if (!first) return new State<R>('COMPLETED', { data: states.map((state) => state.result()) as R })
  const type = bad.some((state) => state.type === 'CANCELLED') ? 'CANCELLED' : 'FAILED'
  return new State<R>(type, {
    message: `${bad.length}/${states.length} states are not completed`,
    error: first.error,
  })
}
