import type { LockManager } from '../locks.ts'

/** What a cache key may be made of. */
export interface CacheContext {
  taskName: string
  taskVersion: string | undefined
  /** Text of the task's function. Bundlers and minifiers change it; a version does not change by itself. */
  taskSource: string
  /** Arguments by parameter name. */
  inputs: { readonly [name: string]: unknown }
  flowRunId: string | undefined
  taskRunId: string
  flowParameters: { readonly [name: string]: unknown } | undefined
}

/** The parts of a key; undefined means that this policy has nothing to say. */
export type KeyParts = readonly unknown[] | undefined

/** Says when two task runs may share a result. Immutable: every method returns another policy. */
export class CachePolicy {
  readonly #parts: (context: CacheContext) => KeyParts | Promise<KeyParts>
  /** Set when only one run of a key may go on at a time. */
  readonly locks: LockManager | undefined

  constructor(parts: (context: CacheContext) => KeyParts | Promise<KeyParts>, locks?: LockManager) {
    this.#parts = parts
    this.locks = locks
  }

  parts(context: CacheContext): KeyParts | Promise<KeyParts> {
    return this.#parts(context)
  }

  /** Both must agree for a hit. */
  and(other: CachePolicy): CachePolicy {
    return new CachePolicy(async (context) => {
      const [ours, theirs] = await Promise.all([this.parts(context), other.parts(context)])
      if (!ours || !theirs) return ours ?? theirs
      return [...ours, ...theirs]
    }, this.locks ?? other.locks)
  }

  /**
   * The same policy, under which runs of one key take turns: the second finds the result of the first, where
   * otherwise both would run. Among the processes that share the locks.
   */
  serializable(locks: LockManager): CachePolicy {
    return new CachePolicy((context) => this.parts(context), locks)
  }

  /** The same policy, blind to some inputs. */
  without(...names: string[]): CachePolicy {
    const kept = (inputs: CacheContext['inputs']) =>
      Object.fromEntries(Object.entries(inputs).filter(([name]) => !names.includes(name)))
    return new CachePolicy((context) => this.parts({ ...context, inputs: kept(context.inputs) }), this.locks)
  }
}

/** Equal arguments to the same task. */
export const INPUTS = new CachePolicy(({ taskName, inputs }) => ['inputs', taskName, inputs])

/** The same text of the function, and the same version. What the function calls is not looked at. */
export const TASK_SOURCE = new CachePolicy(({ taskSource, taskVersion }) => [
  'source',
  taskSource,
  taskVersion,
])

/** The same flow run; outside of flows the same task run. */
export const RUN_ID = new CachePolicy(({ flowRunId, taskRunId }) => ['run', flowRunId ?? taskRunId])

/** Equal parameters of the flow run. */
export const FLOW_PARAMETERS = new CachePolicy(({ flowParameters }) =>
  flowParameters ? ['parameters', flowParameters] : undefined,
)

/** No caching. */
export const NONE = new CachePolicy(() => undefined)

/** Equal arguments to the same code in the same flow run: a second call there does not run again. */
export const DEFAULT = INPUTS.and(TASK_SOURCE).and(RUN_ID)

/**
 * A key of your own, shared by all tasks that return the same text; undefined means no caching.
 * @example
 * const byDay = cacheKey(({ inputs }) => `rates-${String(inputs.day)}`)
 * const rates = task(async (day: string) => fetchRates(day), { name: 'rates', cachePolicy: byDay })
 */
export function cacheKey(
  key: (context: CacheContext) => string | undefined | Promise<string | undefined>,
): CachePolicy {
  return new CachePolicy(async (context) => {
    const text = await key(context)
    return text === undefined ? undefined : ['custom', text]
  })
}
