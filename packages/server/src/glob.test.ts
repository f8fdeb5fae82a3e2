import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchesGlob, parseGlob } from './glob.ts'

const matches = (pattern: string, text: string) => matchesGlob(text, parseGlob(pattern))

describe('a shell pattern', () => {
  test.each([
    ['', ''],
    ['*', ''],
    ['*', 'a.b\nc'],
    ['prefect.flow-run.*', 'prefect.flow-run.1'],
    ['a?c', 'a𝄞c'],
    ['[abc]x', 'bx'],
    ['[!abc]x', 'dx'],
    ['[a-c]', 'b'],
    ['[]]', ']'],
    ['[!]]', 'a'],
    ['[', '['],
    ['[a', '[a'],
    ['[a-]', '-'],
    ['[-a]', '-'],
    ['*a*b*', 'xaxxbx'],
    ['\\*', '\\anything'],
    ['[^a]', '^'],
  ])('%s matches %j', (pattern, text) => {
    expect(matches(pattern, text)).toBe(true)
  })

  test.each([
    ['', 'a'],
    ['a', 'A'],
    ['a', 'ab'],
    ['?', ''],
    ['[!abc]', 'a'],
    ['[c-a]', 'b'],
    ['*a', 'ab'],
    ['[abc', 'a'],
  ])('%s does not match %j', (pattern, text) => {
    expect(matches(pattern, text)).toBe(false)
  })

  test('a text with its parts replaced by stars is matched', () => {
    const parts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '.') }), { maxLength: 6 })
    fc.assert(
      fc.property(parts, fc.string(), (texts, between) => {
        expect(matches(texts.join('*'), texts.join(between))).toBe(true)
      }),
    )
  })

  test('many stars take no more than text times pattern', () => {
    const started = performance.now()
    expect(matches(`${'*a'.repeat(200)}b`, 'a'.repeat(20_000))).toBe(false)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
