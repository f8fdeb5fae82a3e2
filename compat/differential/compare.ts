import { isIntendedLine } from './differences.ts'
import { DURATIONS } from './normalise.ts'
import type { Answer } from './normalise.ts'

// Execution of a sequence takes seconds and differs; everything else that is measured lies further apart.
const TOLERATED_SECONDS = 20

/**
 * Where two normalised answers differ, a line each: `place: expected …, found …`; not where it is intended.
 * `took`: the seconds that the sequence has run, by which what is measured may differ more.
 */
export function compareAnswers(expected: Answer, found: Answer, version: string, took = 0): string[] {
  return compare(expected, found, '', TOLERATED_SECONDS + took).filter(
    (line) => !isIntendedLine(line, version),
  )
}

function compare(expected: any, found: any, place: string, tolerated: number): string[] {
  if (Object.is(expected, found)) return []
  if (Array.isArray(expected) && Array.isArray(found)) {
    const length =
      expected.length === found.length
        ? []
        : [`${place}: expected ${expected.length} of them, found ${found.length}`]
    const shared = Math.min(expected.length, found.length)
    return [
      ...length,
      ...expected
        .slice(0, shared)
        .flatMap((each, index) => compare(each, found[index], `${place}[${index}]`, tolerated)),
    ]
  }
  if (isRecord(expected) && isRecord(found)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(found)])]
    return keys.flatMap((key) =>
      compare(expected[key], found[key], place === '' ? key : `${place}.${key}`, tolerated),
    )
  }
  const key = place.slice(place.lastIndexOf('.') + 1)
  if (DURATIONS.has(key) && typeof expected === 'number' && typeof found === 'number') {
    if (Math.abs(expected - found) <= tolerated) return []
  }
  return [`${place}: expected ${show(expected)}, found ${show(found)}`]
}

function isRecord(value: unknown): value is { [key: string]: unknown } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
