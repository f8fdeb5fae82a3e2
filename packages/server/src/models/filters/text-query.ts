/** A search in words: any of `include` (when there are any), none of `exclude`, all of `required`. */
export interface TextQuery {
  include: string[]
  exclude: string[]
  required: string[]
}

type Group = keyof TextQuery

const PREFIXES: { [prefix: string]: Group } = { '-': 'exclude', '!': 'exclude', '+': 'required' }
const BLANK = /\s/

/** Reads `word`, `-without`, `!without`, `+required` and `"a phrase"` (with `\"` and `\\` in it). */
export function parseTextQuery(query: string): TextQuery {
  const found: TextQuery = { include: [], exclude: [], required: [] }
  let at = 0
  while (at < query.length) {
    const char = query.charAt(at)
    if (BLANK.test(char)) {
      at++
      continue
    }
    let group: Group = 'include'
    const prefixed = PREFIXES[char]
    if (prefixed) {
      at++
      if (at >= query.length || BLANK.test(query.charAt(at))) continue
      group = prefixed
    }
    const { text, end } = query.charAt(at) === '"' ? readPhrase(query, at + 1) : readTerm(query, at)
    if (text.trim()) found[group].push(text)
    at = end
  }
  return found
}

function readPhrase(query: string, start: number): { text: string; end: number } {
  let text = ''
  for (let at = start; at < query.length; at++) {
    const char = query.charAt(at)
    if (char === '"') return { text, end: at + 1 }
    const next = query.charAt(at + 1)
    if (char === '\\' && (next === '"' || next === '\\')) {
      text += next
      at++
    } else {
      text += char
    }
  }
  return { text, end: query.length }
}

function readTerm(query: string, start: number): { text: string; end: number } {
  let end = start
  while (end < query.length && query.charAt(end) !== '"' && !BLANK.test(query.charAt(end))) end++
  return { text: query.slice(start, end), end }
}

/** Whether a text meets a search; case does not count, and nothing in the words is a wildcard. */
export function matchesTextQuery(text: string, { include, exclude, required }: TextQuery): boolean {
  const lower = text.toLowerCase()
  const has = (word: string) => lower.includes(word.toLowerCase())
  return (include.length === 0 || include.some(has)) && !exclude.some(has) && required.every(has)
}
