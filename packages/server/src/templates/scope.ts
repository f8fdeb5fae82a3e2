import type { Value } from './values.ts'

/** Names that a part of a template sees; what it sets stays its own. */
export class Scope {
  readonly #names = new Map<string, Value>()
  readonly #outer: Scope | undefined

  constructor(outer?: Scope) {
    this.#outer = outer
  }

  get(name: string): Value | undefined {
    const found = this.#names.get(name)
    return found === undefined ? this.#outer?.get(name) : found
  }

  set(name: string, value: Value): void {
    this.#names.set(name, value)
  }
}
