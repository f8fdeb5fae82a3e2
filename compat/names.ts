import { by } from './json.ts'

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const HASH = /\b[0-9a-f]{32,64}\b/g
const TIME = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?/g
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+/g
// Up to the next quote or space: temporary homes, the storage in them, and the place of this repository.
const ABSOLUTE_PATH = /(?<![\w.}>:/])\/(?:[\w.@-]+\/)+[\w.@-]*/g
const SECONDS = /\d+(\.\d+)? ?(?:second\(s\)|seconds?)/g
const ADDRESS_IN_MEMORY = /\b0x[0-9a-f]+\b/g
const KEY_HASH = /(?<=\w)-[0-9a-f]{8}\b(?!-)/g

/**
 * Turns what differs between two executions of one program (ids, random names, moments, paths) into words that say
 * what stands there, so that two executions can be compared.
 */
export class Names {
  private readonly known = new Map<string, string>()
  private readonly unique: string
  private pattern = /(?!)/g

  constructor(unique: string) {
    this.unique = unique
  }

  /** From now on `text` reads `<role>`. */
  learn(text: string | null | undefined, role: string): void {
    if (text && !this.known.has(text)) {
      this.known.set(text, `<${role}>`)
      // Longest first, all in one pass: a role may hold a text that is itself known.
      const texts = [...this.known.keys()].sort((a, b) => b.length - a.length)
      this.pattern = new RegExp(
        `(?<!\\w)(?:${texts.map((each) => RegExp.escape(each)).join('|')})(?!\\w)`,
        'g',
      )
    }
  }

  /** The value with every text in it, keys included, made comparable. */
  plain(value: unknown): any {
    if (typeof value === 'string') {
      return this.text(value)
    }
    if (Array.isArray(value)) {
      return value.map((each) => this.plain(each))
    }
    if (value !== null && typeof value === 'object') {
      // In one order of keys: a database may keep JSON in an order of its own.
      const entries = Object.entries(value).map(([key, each]) => [this.text(key), this.plain(each)] as const)
      return Object.fromEntries(entries.sort(by(([key]) => key)))
    }
    return value
  }

  private text(value: string): string {
    return withoutTrace(value)
      .replaceAll(this.pattern, (known) => this.known.get(known) ?? known)
      .replaceAll(`-${this.unique}`, '')
      .replaceAll(`_${this.unique}`, '')
      .replaceAll(UUID, '<id>')
      .replaceAll(HASH, '<hash>')
      .replaceAll(TIME, '<time>')
      .replaceAll(ADDRESS, '<server>')
      .replaceAll(ABSOLUTE_PATH, '<path>')
      .replaceAll(SECONDS, '<seconds>')
      .replaceAll(ADDRESS_IN_MEMORY, '<address>')
      .replaceAll(KEY_HASH, '')
  }
}

// A traceback holds paths and line numbers of the client's own code: only its last line is the program's.
function withoutTrace(text: string): string {
  const start = text.indexOf('Traceback (most recent call last)')
  if (start === -1) {
    return text
  }
  return `${text.slice(0, start)}<trace> ${text.trimEnd().split('\n').at(-1)}`
}
