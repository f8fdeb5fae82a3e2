import { sql } from 'kysely'
import type { Expression, SqlBool } from 'kysely'
import { parseGlob } from '../glob.ts'
import type { GlobToken } from '../glob.ts'
import type { Session } from './session.ts'

/** Whether a text matches a shell pattern over its whole length, case-sensitive; NULL for NULL. */
export function matchesPattern(
  session: Session,
  text: Expression<unknown>,
  pattern: string,
): Expression<SqlBool> {
  const tokens = parseGlob(pattern)
  return session.dialect === 'sqlite'
    ? sql<SqlBool>`${text} glob ${tokens.map(globPart).join('')}`
    : sql<SqlBool>`${text} ~ ${`^${tokens.map(expressionPart).join('')}$`}`
}

function globPart(token: GlobToken): string {
  switch (token.kind) {
    case 'any':
      return '*'
    case 'one':
      return '?'
    case 'char':
      return '*?['.includes(token.char) ? `[${token.char}]` : token.char
    case 'class':
      return globClass(token.negated, token.ranges)
  }
}

type Range = readonly [low: string, high: string]

/**
 * In a class of SQLite's, `]` is a member only in the first place, and `^` only in another. Every other
 * character may stand as a range of one.
 */
function globClass(negated: boolean, ranges: readonly Range[]): string {
  if (ranges.length === 0) return negated ? '?' : '[^\u{1}-\u{10FFFF}]'
  const bracket = ranges.some(([low]) => low === ']') ? ']' : ''
  const spans = ranges.flatMap(([low, high]): Range[] =>
    low !== ']' ? [[low, high]] : high === ']' ? [] : [['^', high]],
  )
  const carets = spans.filter(([low]) => low === '^')
  const others = spans.filter(([low]) => low !== '^')
  if (!negated && !bracket && others.length === 0) {
    const highest = carets
      .map(([, high]) => high)
      .sort()
      .at(-1) as string
    if (highest === '^') return '^'
    others.push([highest, highest])
  }
  const body = [...others, ...carets].map(([low, high]) => `${low}-${high}`).join('')
  return `[${negated ? '^' : ''}${bracket}${body}]`
}

function expressionPart(token: GlobToken): string {
  switch (token.kind) {
    case 'any':
      return '.*'
    case 'one':
      return '.'
    case 'char':
      return expressionChar(token.char)
    case 'class':
      return expressionClass(token.negated, token.ranges)
  }
}

function expressionClass(negated: boolean, ranges: readonly Range[]): string {
  if (ranges.length === 0) return negated ? '.' : '[^\\U00000001-\\U0010FFFF]'
  const spans = ranges.map(([low, high]) => `${expressionChar(low)}-${expressionChar(high)}`)
  return `[${negated ? '^' : ''}${spans.join('')}]`
}

const PLAIN = /^[0-9A-Za-z_]$/

function expressionChar(char: string): string {
  if (PLAIN.test(char)) return char
  return `\\U${(char.codePointAt(0) as number).toString(16).padStart(8, '0')}`
}
