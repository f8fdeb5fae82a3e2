import { TemplateSyntaxError } from './template-errors.ts'

/** `type` of an operator is the operator itself. */
export interface Token {
  type: string
  value: string
}

const OPENING = /\{\{|\{%|\{#/g
const RAW_BEGIN = /\{%[-+]?\s*raw\s*(?:-%\}\s*|%\})/y
const RAW_END = /\{%([-+]?)\s*endraw\s*(?:\+%\}|-%\}\s*|%\})/g
const COMMENT_END = /-#\}\s*|\+?#\}/g
const SPACE = /\s+/y
const FLOAT = /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?[eE][+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/y
const INTEGER = /0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*/y
const NAME = /[\p{L}_][\p{L}\p{N}\p{M}_]*/uy
const STRING = /'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*"/sy
const OPERATOR = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/y
const CLOSES: { [operator: string]: string } = { ')': '(', ']': '[', '}': '{' }
const OPENS: { [operator: string]: string } = { '(': ')', '[': ']', '{': '}' }

/** Splits a template into its tokens; the last is `eof`. Throws a TemplateSyntaxError. */
export function tokensOf(source: string): Token[] {
  return new Lexer(source.replaceAll(/\r\n?/g, '\n').replace(/\n$/, '')).run()
}

class Lexer {
  readonly #source: string
  readonly #tokens: Token[] = []
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  run(): Token[] {
    const source = this.#source
    while (this.#at < source.length) {
      OPENING.lastIndex = this.#at
      const opening = OPENING.exec(source)
      if (!opening) {
        this.#data(source.slice(this.#at), '')
        break
      }
      const sign = source[opening.index + 2] ?? ''
      this.#data(source.slice(this.#at, opening.index), sign)
      this.#at = opening.index
      if (opening[0] === '{#') this.#comment()
      else if (opening[0] === '{%' && this.#raw()) continue
      else this.#tag(opening[0] === '{%' ? 'block' : 'variable', sign)
    }
    this.#tokens.push({ type: 'eof', value: '' })
    return this.#tokens
  }

  /** Text up to an opening with this sign: a minus strips the white space in front of it. */
  #data(text: string, sign: string): void {
    const value = sign === '-' ? text.trimEnd() : text
    if (value !== '') this.#tokens.push({ type: 'data', value })
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#source)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }

  #comment(): void {
    COMMENT_END.lastIndex = this.#at + 2
    const end = COMMENT_END.exec(this.#source)
    if (!end) throw new TemplateSyntaxError('Missing end of comment tag')
    this.#at = end.index + end[0].length
  }

  #raw(): boolean {
    if (this.#match(RAW_BEGIN) === undefined) return false
    if (this.#at === this.#source.length) return true
    RAW_END.lastIndex = this.#at
    const end = RAW_END.exec(this.#source)
    if (!end) throw new TemplateSyntaxError('Missing end of raw directive')
    this.#data(this.#source.slice(this.#at, end.index), end[1] ?? '')
    this.#at = end.index + end[0].length
    return true
  }

  #tag(kind: 'block' | 'variable', sign: string): void {
    const end = kind === 'block' ? /-%\}\s*|\+?%\}/y : /-\}\}\s*|\}\}/y
    this.#tokens.push({ type: `${kind}_begin`, value: '' })
    this.#at += sign === '-' || sign === '+' ? 3 : 2
    const open: string[] = []
    while (this.#at < this.#source.length) {
      if (open.length === 0 && this.#match(end) !== undefined) {
        this.#tokens.push({ type: `${kind}_end`, value: '' })
        return
      }
      if (this.#match(SPACE) === undefined) this.#expressionToken(open)
    }
  }

  #expressionToken(open: string[]): void {
    for (const [type, pattern] of [
      ['float', FLOAT],
      ['integer', INTEGER],
      ['name', NAME],
      ['string', STRING],
    ] as const) {
      const value = this.#match(pattern)
      if (value === undefined) continue
      this.#tokens.push({ type, value: type === 'string' ? unescaped(value.slice(1, -1)) : value })
      return
    }
    const at = this.#at
    const operator = this.#match(OPERATOR)
    if (operator === undefined) {
      throw new TemplateSyntaxError(`unexpected char ${quoted(this.#source[at] as string)} at ${at}`)
    }
    if (operator in OPENS) open.push(operator)
    if (operator in CLOSES) {
      const opened = open.pop()
      if (opened === undefined) throw new TemplateSyntaxError(`unexpected '${operator}'`)
      const expected = OPENS[opened] as string
      if (expected !== operator)
        throw new TemplateSyntaxError(`unexpected '${operator}', expected '${expected}'`)
    }
    this.#tokens.push({ type: operator, value: operator })
  }
}

const quoted = (text: string) => (text === "'" ? `"'"` : `'${text}'`)

const ESCAPES: { [letter: string]: string } = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  return text.replaceAll(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|(.))/gs,
    (whole, byte, short, long, octal, letter: string | undefined) => {
      const code = byte ?? short ?? long
      if (code !== undefined) return codePoint(Number.parseInt(code, 16))
      if (octal !== undefined) return codePoint(Number.parseInt(octal, 8))
      return ESCAPES[letter as string] ?? whole
    },
  )
}

function codePoint(code: number): string {
  if (code > 0x10ffff) throw new TemplateSyntaxError('illegal Unicode character')
  return String.fromCodePoint(code)
}
