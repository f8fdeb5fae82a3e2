import type { Token } from './lexer.ts'
import { TemplateSyntaxError } from './template-errors.ts'

const DESCRIPTIONS: { [type: string]: string } = {
  block_begin: 'begin of statement block',
  block_end: 'end of statement block',
  variable_begin: 'begin of print statement',
  variable_end: 'end of print statement',
  data: 'template data / text',
  eof: 'end of template',
}

/** How Jinja speaks of a token, or of what it expects: `integer`, `name:endif`. */
export function described(expected: string): string {
  return expected.startsWith('name:') ? expected.slice(5) : (DESCRIPTIONS[expected] ?? expected)
}

export function quoted(text: string): string {
  return text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll("'", String.raw`\'`)}'`
}

/** Tokens one after the other. Expectations are types, or `name:` and the name. */
export class TokenStream {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  get current(): Token {
    return this.#tokens[this.#at] as Token
  }

  /** The token after the current one. */
  get following(): Token {
    return this.#tokens[Math.min(this.#at + 1, this.#tokens.length - 1)] as Token
  }

  get description(): string {
    const { type, value } = this.current
    return quoted(type === 'name' ? value : described(type))
  }

  is(...expected: readonly string[]): boolean {
    const { type, value } = this.current
    return expected.some((each) => each === type || (type === 'name' && each === `name:${value}`))
  }

  next(): Token {
    const token = this.current
    if (token.type !== 'eof') this.#at++
    return token
  }

  skip(expected: string): boolean {
    const found = this.is(expected)
    if (found) this.next()
    return found
  }

  expect(expected: string): Token {
    if (this.is(expected)) return this.next()
    const wanted = quoted(described(expected))
    if (this.current.type === 'eof') fail(`unexpected end of template, expected ${wanted}.`)
    return fail(`expected token ${wanted}, got ${this.description}`)
  }
}

export function fail(message: string): never {
  throw new TemplateSyntaxError(message)
}
