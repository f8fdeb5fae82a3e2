/** A body that is not JSON: where reading stopped, in characters. */
export class MalformedJson extends Error {
  override name = 'MalformedJson'
  readonly position: number

  constructor(message: string, position: number) {
    super(message)
    this.position = position
  }
}

const NOT_FINITE = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g
const SUSPECT = /\\u(?:0000|[dD][89a-fA-F])/

/**
 * Reads a request body. Python's NaN and Infinity become null. Characters that no database keeps (NUL,
 * halves of surrogate pairs) are taken out here, once for everything that follows.
 */
export function parseJsonBody(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    value = parseLeniently(text, error as SyntaxError)
  }
  return SUSPECT.test(text) ? scrub(value) : value
}

function parseLeniently(text: string, error: SyntaxError): unknown {
  const finite = text.replaceAll(NOT_FINITE, (token) => (token.startsWith('"') ? token : 'null'))
  try {
    if (finite !== text) return JSON.parse(finite)
  } catch {
    // The first complaint names the place in the text that the caller sent.
  }
  throw new MalformedJson('JSON decode error', Number(/position (\d+)/.exec(error.message)?.[1] ?? 0))
}

function scrub(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed()
  if (Array.isArray(value)) return value.map(scrub)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [scrub(key), scrub(member)]))
}
