import type { Flow } from '../flow.ts'

/** Some flow. */
export type AnyFlow = Flow<any[], any>

/** What a run is given of a flow with these arguments: its one parameter, if an object, or its parameters by name. */
export type ParametersOfArguments<A extends unknown[]> = number extends A['length']
  ? { readonly [name: string]: unknown }
  : A extends [(infer P)?]
    ? NonNullable<P> extends Record<string, unknown> | { [name: string]: any }
      ? NonNullable<P> extends readonly unknown[] | Date | Map<any, any> | Set<any>
        ? { readonly [name: string]: unknown }
        : NonNullable<P>
      : { readonly [name: string]: unknown }
    : { readonly [name: string]: unknown }

/** What a run of the flow is given. */
export type ParametersOf<F> = F extends Flow<infer A, any> ? ParametersOfArguments<A> : never

/** What the flow returns. */
export type ResultOf<F> = F extends Flow<any[], infer R> ? R : never
