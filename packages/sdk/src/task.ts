import type { BackgroundRun } from './background/background-run.ts'
import { delayAll } from './background/delay.ts'
import { checkFunction, checkOptions } from './engine/check-definition.ts'
import { FutureList } from './engine/future-list.ts'
import type { Future } from './engine/future.ts'
import { isGeneratorFunction } from './engine/generators.ts'
import { mapArguments } from './engine/map.ts'
import { startTask } from './engine/start-task.ts'
import { streamTask } from './engine/stream-task.ts'
import type { State } from './engine/state.ts'
import type { TaskDefinition, TaskOptions } from './engine/task-options.ts'
import type { Arguments, Generated, Inputs, MapInputs, Outcome, Returned } from './engine/types.ts'

/** A function whose calls are task runs: recorded, retried, cached and limited as its options say. */
export interface Task<A extends unknown[], R> {
  /** Runs it here and now; gives the result or throws the failure. */
  (...args: Inputs<A>): Promise<R>
  /** Its identity on the server. */
  readonly name: string
  /** The plain function, without any of it. */
  readonly fn: (...args: A) => unknown
  readonly options: TaskOptions<A, R>
  /** Starts it and goes on; the future is awaited later, or passed to other tasks. */
  submit(...args: Inputs<A>): Future<R>
  /** Starts one run for each element of the iterables; other arguments, and `unmapped` ones, go to all runs. */
  map(...args: MapInputs<A>): FutureList<R>
  /**
   * Leaves it to a worker (`serveTasks`), in this process or another. Resolves when the server has it; the
   * arguments wait in the task's result storage.
   */
  delay(...args: Inputs<A>): Promise<BackgroundRun<R>>
  /** `delay` for each list of arguments, faster than one by one. */
  delayMany(calls: readonly Inputs<A>[]): Promise<BackgroundRun<R>[]>
  /** Runs it and gives the final state; does not throw when the run fails. */
  returnState(...args: Inputs<A>): Promise<State<R>>
  /** The same task, to be started only after these runs have completed. */
  waitFor(...runs: readonly (Future<unknown> | readonly Future<unknown>[])[]): Task<A, R>
  /** The same task with some options changed. */
  withOptions(options: TaskOptions<A, R>): Task<A, R>
}

/** A task of a generator function: a call gives its values as they come, everything else all of them together. */
export interface GeneratorTask<A extends unknown[], Y> extends Omit<Task<A, Y[]>, 'waitFor' | 'withOptions'> {
  /** Runs it here and now, as fast as its values are taken. */
  (...args: Inputs<A>): AsyncGenerator<Y, void, undefined>
  waitFor(...runs: readonly (Future<unknown> | readonly Future<unknown>[])[]): GeneratorTask<A, Y>
  withOptions(options: TaskOptions<A, Y[]>): GeneratorTask<A, Y>
}

/** The task that a function makes. */
export type TaskOf<F> = [Returned<F>] extends [never]
  ? Task<Arguments<F>, never>
  : 0 extends 1 & Returned<F>
    ? Task<Arguments<F>, any>
    : Returned<F> extends Generated<infer Y>
      ? GeneratorTask<Arguments<F>, Y>
      : Task<Arguments<F>, Outcome<Returned<F>>>

/**
 * Makes a task of a function.
 * @example
 * const fetchPage = task(async (url: string) => (await fetch(url)).text(), { name: 'fetch-page', retries: 3 })
 */
export function task<F extends Function>(
  fn: F,
  options: TaskOptions<Arguments<F>, Outcome<Returned<F>>> = {},
): TaskOf<F> {
  checkFunction('task', fn)
  const call = fn as unknown as (...args: Arguments<F>) => unknown
  return makeTask({ name: taskName(fn, options.name), fn: call, options }, []) as unknown as TaskOf<F>
}

function makeTask<A extends unknown[], R>(
  definition: TaskDefinition<A, R>,
  waitFor: readonly unknown[],
): Task<A, R> {
  checkOptions(`task '${definition.name}'`, definition.options)
  const submit = (...args: unknown[]) => startTask<R>(definition, args, waitFor)
  const isGenerator = isGeneratorFunction(definition.fn)
  const call = (...args: unknown[]) =>
    isGenerator
      ? streamTask(definition as unknown as TaskDefinition<any[], unknown[]>, args, waitFor)
      : submit(...args).result()
  Object.defineProperty(call, 'name', { value: definition.name })
  return Object.assign(call, {
    fn: definition.fn,
    options: definition.options,
    submit,
    map: (...args: unknown[]) => FutureList.fromFutures(mapArguments(args).map((each) => submit(...each))),
    delay: async (...args: unknown[]) => (await delayAll<R>(definition, [args], waitFor))[0],
    delayMany: (calls: readonly unknown[][]) => delayAll<R>(definition, calls, waitFor),
    returnState: (...args: unknown[]) => submit(...args).state(),
    waitFor: (...runs: unknown[]) => makeTask(definition, [...waitFor, ...runs]),
    withOptions: (change: TaskOptions<A, R>) => {
      const options = { ...definition.options, ...change }
      return makeTask({ ...definition, options, name: options.name ?? definition.name }, waitFor)
    },
  }) as unknown as Task<A, R>
}

function taskName(fn: Function, given: string | undefined): string {
  const name = given ?? fn.name
  if (name) return name
  throw new TypeError('A task made of a function without a name needs one: task(fn, { name: "…" })')
}
