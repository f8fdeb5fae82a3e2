import type { FutureList } from './future-list.ts'
import type { Future } from './future.ts'
import type { Unmapped } from './map.ts'
import type { State } from './state.ts'

type Primitive = string | number | bigint | boolean | symbol | null | undefined
type Opaque =
  | Primitive
  | Date
  | RegExp
  | URL
  | Map<any, any>
  | Set<any>
  | ArrayBufferView
  | ((...args: any[]) => any)

/** A value, or futures in its place; the engine looks into arrays and plain objects. */
export type Input<T> =
  | T
  | Future<T>
  | (T extends Opaque
      ? never
      : T extends readonly unknown[]
        ? { readonly [Index in keyof T]: Input<T[Index]> } | FutureList<T[number]>
        : T extends object
          ? { [Key in keyof T]: Input<T[Key]> }
          : never)

/** Arguments of which each may be a future. */
export type Inputs<A extends unknown[]> = { [Index in keyof A]: Input<A[Index]> }

type MapInput<T> =
  | Iterable<Input<T>>
  | Unmapped<T>
  | (T extends string ? T : T extends Iterable<unknown> ? never : Input<T>)

/** Arguments of which each may be an iterable, for one run an element. */
export type MapInputs<A extends unknown[]> = { [Index in keyof A]: MapInput<A[Index]> }

/** What a generator function returns. */
export type Generated<Y> = Generator<Y, any, any> | AsyncGenerator<Y, any, any>

/** What a task's return value is to its caller: promises, futures and states give what they hold. */
export type Outcome<R> = Unwrapped<Awaited<R>>

type Unwrapped<R> =
  R extends State<infer T> ? T : R extends Future<infer T> ? T : R extends Generated<infer Y> ? Y[] : R

/** What a flow's return value is to its caller: as a task's, and futures in a list or an object give results. */
export type FlowOutcome<R> = 0 extends 1 & R ? R : Settled<Unwrapped<Awaited<R>>>

type Settled<R> = R extends readonly (Future<any> | State<any>)[]
  ? { [Index in keyof R]: Unwrapped<R[Index]> }
  : R extends object
    ? [HeldFutures<R>] extends [never]
      ? R
      : { [Key in keyof R]: Result<R[Key]> }
    : R

type Result<T> =
  T extends Future<infer U>
    ? U
    : T extends FutureList<infer U>
      ? U[]
      : T extends readonly Future<any>[]
        ? { [Index in keyof T]: Result<T[Index]> }
        : T

type HeldFutures<R> = {
  [Key in keyof R]: 0 extends 1 & R[Key] ? never : Extract<R[Key], Future<any> | readonly Future<any>[]>
}[keyof R]

/**
 * The parameters of a function. `task` and `flow` take any function type rather than `(...args: A) => R`: that
 * would be a context for parameters like `limit = 3`, whose type would no longer come from their default.
 */
export type Arguments<F> = F extends (...args: infer A) => unknown ? A : never
export type Returned<F> = F extends (...args: never) => infer R ? R : never
