import { startTask } from './engine/start-task.ts'
import type { TaskOptions } from './engine/task-options.ts'
import type { Outcome } from './engine/types.ts'

/** Options of a step: those of a task, but for its name. `key` is a text, and tells steps of one name apart. */
export type StepOptions<R = unknown> = Omit<TaskOptions<[], R>, 'name' | 'key'> & { key?: string | undefined }

/**
 * Does something once in a flow run: a task, written where it is called. When the flow run is carried out
 * again, a completed step gives its result without being done again.
 * @example const receipt = await step('charge', () => pay(order), { key: order.id, retries: 3 })
 */
export function step<R>(
  name: string,
  fn: () => R,
  options: StepOptions<Outcome<R>> = {},
): Promise<Outcome<R>> {
  const task = { name, fn, options: { persistResult: true, ...options } }
  return startTask<Outcome<R>>(task, [], []).result()
}
