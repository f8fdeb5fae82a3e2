/** One step of a shell pattern. */
export type GlobToken =
  | { kind: 'any' }
  | { kind: 'one' }
  | { kind: 'char'; char: string }
  | { kind: 'class'; negated: boolean; ranges: readonly (readonly [low: string, high: string])[] }

/** Reads `*`, `?`, `[abc]`, `[a-z]` and `[!abc]`; a bracket that is not closed stands for itself. */
export function parseGlob(pattern: string): GlobToken[] {
  const chars = [...pattern]
  const tokens: GlobToken[] = []
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] as string
    if (char === '*') {
      if (tokens.at(-1)?.kind !== 'any') tokens.push({ kind: 'any' })
    } else if (char === '?') {
      tokens.push({ kind: 'one' })
    } else {
      const end = char === '[' ? classEnd(chars, at) : -1
      if (end < 0) tokens.push({ kind: 'char', char })
      else {
        tokens.push(readClass(chars.slice(at + 1, end)))
        at = end
      }
    }
  }
  return tokens
}

/** The first member may be `]` itself. */
function classEnd(chars: readonly string[], open: number): number {
  const first = chars[open + 1] === '!' ? open + 2 : open + 1
  return chars.indexOf(']', first + 1)
}

function readClass(inside: readonly string[]): GlobToken {
  const negated = inside[0] === '!'
  const members = negated ? inside.slice(1) : inside
  const ranges: [string, string][] = []
  for (let at = 0; at < members.length; at++) {
    const low = members[at] as string
    const high = members[at + 2]
    if (members[at + 1] === '-' && high !== undefined) {
      if (codeOf(low) <= codeOf(high)) ranges.push([low, high])
      at += 2
    } else ranges.push([low, low])
  }
  return { kind: 'class', negated, ranges }
}

/** Whether the whole text matches, case-sensitive. Takes time in proportion to text times pattern. */
export function matchesGlob(text: string, tokens: readonly GlobToken[]): boolean {
  const chars = [...text]
  let at = 0
  let step = 0
  let star = -1
  let starAt = 0
  while (at < chars.length) {
    const token = tokens[step]
    if (token?.kind === 'any') {
      star = step++
      starAt = at
    } else if (token && matchesOne(chars[at] as string, token)) {
      at++
      step++
    } else if (star >= 0) {
      step = star + 1
      at = ++starAt
    } else return false
  }
  while (tokens[step]?.kind === 'any') step++
  return step === tokens.length
}

function matchesOne(char: string, token: GlobToken): boolean {
  switch (token.kind) {
    case 'one':
      return true
    case 'char':
      return token.char === char
    case 'class':
      return (
        token.ranges.some(([low, high]) => codeOf(low) <= codeOf(char) && codeOf(char) <= codeOf(high)) !==
        token.negated
      )
    case 'any':
      return false
  }
}

function codeOf(char: string): number {
  return char.codePointAt(0) as number
}
