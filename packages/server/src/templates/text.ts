import type { Budget } from './budget.ts'

/** Texts changed as Python's `str` does; lengths are those of code points where a width is given. */

export function capitalized(text: string): string {
  const [first = '', ...rest] = text
  return first.toUpperCase() + rest.join('').toLowerCase()
}

/** What Jinja makes of the words of a title. */
export function titled(text: string): string {
  return text.replaceAll(/[^-\s({[<]+/g, capitalized)
}

export function centered(text: string, width: number, fill: string, budget: Budget): string {
  const missing = width - [...text].length
  if (missing <= 0) return text
  budget.make(missing)
  const left = Math.floor(missing / 2) + (missing & width & 1)
  return fill.repeat(left) + text + fill.repeat(missing - left)
}

export function escapedHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll("'", '&#39;')
    .replaceAll('"', '&#34;')
}

export function stripped(text: string, letters: string | undefined, side: 'both' | 'left' | 'right'): string {
  const strips = (letter: string) => (letters === undefined ? letter.trim() === '' : letters.includes(letter))
  let start = 0
  let end = text.length
  if (side !== 'right') while (start < end && strips(text[start] as string)) start++
  if (side !== 'left') while (end > start && strips(text[end - 1] as string)) end--
  return text.slice(start, end)
}

/** Splits at white space when there is no separator; `most` splits, -1 for all. */
export function splitText(text: string, separator: string | undefined, most: number): string[] {
  const parts: string[] = []
  let rest = separator === undefined ? text.trimStart() : text
  while (most < 0 || parts.length < most) {
    const found =
      separator === undefined ? /\s+/.exec(rest) : { index: rest.indexOf(separator), 0: separator }
    if (!found || found.index < 0) break
    parts.push(rest.slice(0, found.index))
    rest = rest.slice(found.index + found[0].length)
  }
  if (separator === undefined) rest = rest.trimEnd()
  if (separator !== undefined || rest !== '') parts.push(rest)
  return parts
}

/** Replaces the first `most` occurrences, -1 for all. */
export function replaced(text: string, old: string, by: string, most: number, budget: Budget): string {
  const times = old === '' ? text.length + 1 : text.split(old).length - 1
  const done = most < 0 ? times : Math.min(times, most)
  budget.make(text.length + done * by.length)
  if (old === '') {
    const letters = [...text]
    const spread = letters.map((letter, index) => (index < done ? by + letter : letter)).join('')
    return done > letters.length ? spread + by : spread
  }
  const parts = text.split(old)
  return parts.map((part, index) => (index === 0 ? part : (index <= done ? by : old) + part)).join('')
}

/** HTML without its comments and tags, white space in one place made one space. */
export function withoutTags(html: string): string {
  const bare = without(without(html, '<!--', '-->'), '<', '>')
  return bare.split(/\s+/).filter(Boolean).join(' ')
}

function without(text: string, open: string, close: string): string {
  const kept: string[] = []
  let at = 0
  for (;;) {
    const start = text.indexOf(open, at)
    const end = start < 0 ? -1 : text.indexOf(close, start)
    if (end < 0) break
    kept.push(text.slice(at, start))
    at = end + close.length
  }
  return kept.join('') + text.slice(at)
}
