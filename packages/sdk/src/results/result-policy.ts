import type { Serializer } from './serializer.ts'
import type { ResultStorage } from './storage.ts'

/** Whether and where results are kept; tasks and subflows take over what their flow says. */
export interface ResultPolicy {
  readonly persist: boolean
  readonly storage: ResultStorage
  readonly serializer: Serializer
  /** True while nobody has named a storage: short results then stay on the server. */
  readonly inline: boolean
}

/** The options of a flow or task that say something about its results. */
export interface ResultOptions {
  /** Keeps the result, so that the run is not repeated when its flow run is run again. */
  persistResult?: boolean | undefined
  resultStorage?: ResultStorage | undefined
  resultSerializer?: Serializer | undefined
}

/** Options of a run over those of the run around it. Naming a storage or serializer switches persistence on. */
export function overlay(outer: ResultPolicy, options: ResultOptions): ResultPolicy {
  const named = options.resultStorage !== undefined || options.resultSerializer !== undefined
  return {
    persist: options.persistResult ?? (named || outer.persist),
    storage: options.resultStorage ?? outer.storage,
    serializer: options.resultSerializer ?? outer.serializer,
    inline: outer.inline && options.resultStorage === undefined,
  }
}
