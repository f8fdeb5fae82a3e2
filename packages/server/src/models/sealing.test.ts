import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSealer, generateKey, keyIdOf } from './sealing.ts'

describe('a sealer', () => {
  test('opens what it sealed, for the same owner', () => {
    const sealer = createSealer(generateKey())
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.uuid(), (text, owner) => {
        expect(sealer.open(sealer.seal(text, owner), owner)).toBe(text)
      }),
    )
  })

  test('never seals the same text to the same bytes', () => {
    const sealer = createSealer(generateKey())
    expect(sealer.seal('x', 'a')).not.toBe(sealer.seal('x', 'a'))
  })

  test('does not open what was sealed for another owner', () => {
    const sealer = createSealer(generateKey())
    expect(() => sealer.open(sealer.seal('x', 'a'), 'b')).toThrow()
  })

  test('does not open what was changed', () => {
    const sealer = createSealer(generateKey())
    const [id, bytes] = sealer.seal('a long enough secret', 'a').split(':') as [string, string]
    const changed = Buffer.from(bytes, 'base64')
    changed[changed.length - 1] = (changed.at(-1) as number) ^ 1
    expect(() => sealer.open(`${id}:${changed.toString('base64')}`, 'a')).toThrow()
  })

  test('opens with any of its keys and seals with the first', () => {
    const [older, newer] = [generateKey(), generateKey()]
    const sealed = createSealer(older).seal('x', 'a')
    const both = createSealer(`${newer}, ${older}`)
    expect(both.open(sealed, 'a')).toBe('x')
    expect(createSealer(newer).open(both.seal('x', 'a'), 'a')).toBe('x')
    expect(keyIdOf(both.seal('x', 'a'))).toBe(both.currentKeyId)
  })

  test('names the key that it lacks', () => {
    const sealed = createSealer(generateKey()).seal('x', 'a')
    expect(() => createSealer(generateKey()).open(sealed, 'a')).toThrow(keyIdOf(sealed))
  })

  test('takes any text for a key, and the same text for the same key', () => {
    const sealed = createSealer('correct horse').seal('x', 'a')
    expect(createSealer('correct horse').open(sealed, 'a')).toBe('x')
  })
})
