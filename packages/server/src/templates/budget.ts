import { TemplateRenderError } from './template-errors.ts'
import { Tuple } from './values.ts'
import type { Value } from './values.ts'

const MOST_STEPS = 50_000
/** Characters and list items that are made or looked through on the way. */
const MOST_MADE = 2_000_000
const MOST_NESTED = 200

interface Size {
  weight: number
  depth: number
}

/** What one rendering may cost. A template that asks for more fails: it runs on the server's own thread. */
export class Budget {
  #steps = MOST_STEPS
  #made = MOST_MADE
  /** Of values which are there, each written out in full: what is held twice counts twice. */
  readonly #sizes = new WeakMap<object, Size>()

  step(): void {
    if (--this.#steps < 0) throw excess('runs longer than is allowed')
  }

  /** Called before so many characters or items are made. */
  make(count: number): void {
    this.#made -= count
    if (this.#made < 0 || Number.isNaN(count)) throw excess('makes more text than is allowed')
  }

  /** Counts a text that is there. */
  text(made: string): string {
    this.make(made.length)
    return made
  }

  /** Pays for a look through a whole value. */
  look(value: Value): void {
    this.make(this.#sizeOf(value).weight)
  }

  /** Refuses a value that could not be written out. */
  keep(value: Value): Value {
    const { weight, depth } = this.#sizeOf(value)
    if (weight > MOST_MADE) throw excess('makes more text than is allowed')
    if (depth > MOST_NESTED) throw excess('nests values deeper than is allowed')
    return value
  }

  #sizeOf(value: Value): Size {
    if (typeof value === 'string') return { weight: value.length, depth: 0 }
    const parts = partsOf(value)
    if (!parts) return { weight: 1, depth: 0 }
    const known = this.#sizes.get(value as object)
    if (known) return known
    const size = { weight: 1, depth: 1 }
    for (const part of parts) {
      const { weight, depth } = this.#sizeOf(part)
      size.weight += 1 + weight
      size.depth = Math.max(size.depth, depth + 1)
    }
    this.#sizes.set(value as object, size)
    return size
  }
}

function partsOf(value: Value): Value[] | undefined {
  if (Array.isArray(value)) return value
  if (value instanceof Tuple) return value.items
  if (value instanceof Map) return [...value].flat()
  return undefined
}

const excess = (what: string) => new TemplateRenderError('OverflowError', `The template ${what}.`)
