import type { StateDetails } from '@reeve/schemas/state'
import { defaultStateName, isTerminal, type StateType } from '@reeve/schemas/state-type'

/** Optional properties of a state. */
export interface StateOptions<T = unknown> {
  name?: string
  message?: string
  /** The result that the state stands for. */
  data?: T
  /** The failure that the state stands for. */
  error?: unknown
}

/** Where a run is in its life: a type that drives the rules and a name for people. Never changes. */
export class State<T = unknown> {
  readonly type: StateType
  readonly name: string
  readonly message: string | undefined
  readonly error: unknown
  readonly id: string | undefined
  /** ISO 8601, by the server's clock. */
  readonly timestamp: string | undefined
  /** As on the wire. */
  readonly details: Partial<StateDetails>
  /** What the server keeps of the result: as a rule a reference, never the result itself. */
  readonly stored: unknown
  readonly #data: T | undefined

  constructor(type: StateType, options: StateOptions<T> & StateOrigin = {}) {
    this.type = type
    this.name = options.name ?? defaultStateName(type)
    this.message = options.message
    this.error = options.error
    this.id = options.id
    this.timestamp = options.timestamp
    this.details = options.details ?? {}
    this.stored = options.stored ?? null
    this.#data = options.data
  }

  get isFinal(): boolean {
    return isTerminal(this.type)
  }

  get isCompleted(): boolean {
    return this.type === 'COMPLETED'
  }

  /** The result of a completed run; throws the failure of any other. */
  result(): T {
    if (this.isCompleted) return this.#data as T
    throw this.error ?? new RunError(this)
  }

  /** The result if there is one, whatever the type; never throws. */
  get data(): T | undefined {
    return this.#data
  }

  with(change: StateOptions<T> & StateOrigin & { type?: StateType }): State<T> {
    const { name, message, error, id, timestamp, details, stored } = this
    return new State<T>(change.type ?? this.type, {
      name,
      error,
      details,
      stored,
      ...(message !== undefined && { message }),
      ...(id !== undefined && { id }),
      ...(timestamp !== undefined && { timestamp }),
      ...(this.#data !== undefined && { data: this.#data }),
      ...change,
    })
  }

  toString(): string {
    return this.message ? `${this.name}(${JSON.stringify(this.message)})` : `${this.name}()`
  }
}

/** What only the server says about a state. */
export interface StateOrigin {
  id?: string
  timestamp?: string
  details?: Partial<StateDetails>
  stored?: unknown
}

/** A run ended in a state without a result, and no error of its own says why. */
export class RunError extends Error {
  override readonly name: string = 'RunError'
  readonly state: State

  constructor(state: State, message = `The run ended as ${state}.`) {
    super(message)
    this.state = state
  }
}
