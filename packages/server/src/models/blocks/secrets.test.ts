import type { JsonObject } from '@reeve/schemas/json'
import { describe, expect, test } from 'vitest'
import { OBFUSCATED, openTexts, withStoredSecrets, withoutSecrets } from './secrets.ts'

describe('withoutSecrets', () => {
  test.each<[string, string[], JsonObject, JsonObject]>([
    ['a value', ['a'], { a: 'x', b: 'y' }, { a: OBFUSCATED, b: 'y' }],
    ['a value deep down', ['a.b'], { a: { b: 'x', c: 'y' } }, { a: { b: OBFUSCATED, c: 'y' } }],
    ['a list as a whole', ['a'], { a: ['x'] }, { a: OBFUSCATED }],
    [
      'all values of an object',
      ['a'],
      { a: { b: 'x', c: { d: 1 } } },
      { a: { b: OBFUSCATED, c: { d: OBFUSCATED } } },
    ],
    ['all values under a star', ['a.*'], { a: { b: 1, c: null } }, { a: { b: OBFUSCATED, c: OBFUSCATED } }],
    ['an empty object', ['a'], { a: {}, b: {} }, { a: OBFUSCATED, b: {} }],
    ['an object that a star finds empty', ['a.*'], { a: {} }, { a: OBFUSCATED }],
    ['what is no object where a star expects one', ['a.*'], { a: 'x', ab: 'y' }, { a: OBFUSCATED, ab: 'y' }],
    ['no name that only begins alike', ['a'], { a: 'x', ab: 'y' }, { a: OBFUSCATED, ab: 'y' }],
    ['nothing that is null', ['a'], { a: null }, { a: null }],
  ])('hides %s', (_, paths, data, hidden) => {
    expect(withoutSecrets(data, paths)).toEqual(hidden)
  })
})

describe('withStoredSecrets', () => {
  test('keeps what came back hidden', () => {
    const data = { a: { b: OBFUSCATED }, c: 'new' }
    expect(withStoredSecrets(data, ['a.b'], { a: { b: 'old' }, c: 'old' })).toEqual({
      a: { b: 'old' },
      c: 'new',
    })
  })

  test('takes asterisks that are no secret as they are', () => {
    expect(withStoredSecrets({ a: OBFUSCATED }, [], { a: 'old' })).toEqual({ a: OBFUSCATED })
  })
})

test('openTexts leaves out secrets and what is not text', () => {
  expect(openTexts({ a: 'x', b: 'secret', c: 1, d: { e: 'y' } }, ['b'])).toEqual({ a: 'x' })
})
