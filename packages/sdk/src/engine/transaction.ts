import type { LockManager } from '../locks.ts'
import { log } from '../logs/logger.ts'
import { Children } from './children.ts'
import { describeError } from './errors.ts'

/** Called with the transaction when it is over; may wait. */
export type TransactionHook = (tx: Transaction) => unknown

/** Something inside of the transaction which was rolled back makes the whole of it do so. */
export class RolledBackError extends Error {
  override readonly name = 'RolledBackError'
}

interface HeldLock {
  readonly locks: LockManager
  readonly key: string
}

/** What has happened inside of a transaction, to be confirmed or undone in the end. */
export class Transaction {
  #state: 'active' | 'staged' | 'committed' | 'rolled back' = 'active'
  readonly #parent: Transaction | undefined
  readonly #lock: HeldLock | undefined
  readonly #values = new Map<string, unknown>()
  /** In order; undone in reverse. */
  readonly #steps: { commit: () => Promise<void>; rollback: () => Promise<void> }[] = []
  /** Done when all is over, whichever way. */
  readonly #endings: (() => Promise<void>)[] = []
  #broken: unknown
  /** Runs started inside, which are part of it. */
  readonly children = new Children()

  constructor(parent?: Transaction, lock?: HeldLock) {
    this.#parent = parent
    this.#lock = lock
  }

  /** Whether it, or one around it, has the key of these locks. */
  holds(locks: LockManager | undefined, key: string | undefined): boolean {
    if (this.#lock && this.#lock.locks === locks && this.#lock.key === key) return true
    return this.#parent?.holds(locks, key) ?? false
  }

  get state(): 'active' | 'staged' | 'committed' | 'rolled back' {
    return this.#state
  }

  /** Keeps a value for the hooks. */
  set(name: string, value: unknown): void {
    this.#values.set(name, value)
  }

  /** A value kept here or in a transaction around this one. */
  get<T = unknown>(name: string): T | undefined {
    return (this.#values.has(name) ? this.#values.get(name) : this.#parent?.get(name)) as T | undefined
  }

  onCommit(hook: TransactionHook): void {
    this.stage({ commit: async () => void (await hook(this)), rollback: async () => {} })
  }

  onRollback(hook: TransactionHook): void {
    this.stage({ commit: async () => {}, rollback: () => guarded('onRollback hook', () => hook(this)) })
  }

  /** Adds what is to be done when the transaction is over. */
  stage(step: { commit: () => Promise<void>; rollback: () => Promise<void> }): void {
    this.#steps.push(step)
  }

  /** Adds what is to be done after the commit or the rollback; for one inside of another, after that of the outer. */
  onEnd(ending: () => Promise<void>): void {
    this.#endings.push(ending)
  }

  /** Runs the body to the transaction's end, or to the end of the one around it unless it is eager. */
  async run<T>(body: () => T | Promise<T>, save: (value: T) => Promise<void>, eager: boolean): Promise<T> {
    let value: T
    try {
      try {
        value = await body()
      } finally {
        await this.children.ended()
      }
      if (this.#broken !== undefined) {
        throw new RolledBackError('A transaction inside of this one was rolled back', { cause: this.#broken })
      }
    } catch (error) {
      await this.rollback()
      if (this.#parent) this.#parent.#broken ??= error
      throw error
    }
    this.#steps.push({ commit: () => save(value), rollback: async () => {} })
    if (!this.#parent || eager) {
      await this.commit()
    } else {
      this.#state = 'staged'
      this.#parent.stage({ commit: () => this.commit(), rollback: () => this.rollback() })
    }
    return value
  }

  /** A hook that fails turns the commit into a rollback. */
  async commit(): Promise<void> {
    try {
      for (const step of this.#steps) await step.commit()
      this.#state = 'committed'
      await this.#end()
    } catch (error) {
      log.error(`A commit failed, so the transaction is rolled back: ${describeError(error)}`)
      await this.rollback()
      throw error
    }
  }

  async rollback(): Promise<void> {
    if (this.#state === 'rolled back') return
    this.#state = 'rolled back'
    for (const step of this.#steps.toReversed()) await step.rollback()
    await this.#end()
  }

  async #end(): Promise<void> {
    for (const ending of this.#endings.splice(0)) await guarded('end of the transaction', ending)
  }
}

/** Undoing goes on when one step of it fails. */
export async function guarded(what: string, fn: () => unknown): Promise<void> {
  try {
    await fn()
  } catch (error) {
    log.error(`${what} failed: ${describeError(error)}`)
  }
}
