import { expect, test } from 'vitest'
import { CsrfKeeper } from './csrf.ts'

/** A keeper whose server gives tokens that are good for ten milliseconds, after so many failures. */
function keeper(failures = 0) {
  let asked = 0
  const csrf = new CsrfKeeper(async (client) => {
    if (++asked <= failures) throw new Error('away')
    return { token: `token-${asked}`, client, expiresMs: asked * 10 }
  })
  return { tokenAt: async (ms: number) => (await csrf.headers(ms))['prefect-csrf-token'], csrf }
}

test('one token is asked for and used until it has expired', async () => {
  const { tokenAt } = keeper()
  expect(await Promise.all([tokenAt(0), tokenAt(9)])).toEqual(['token-1', 'token-1'])
  expect(await tokenAt(10)).toBe('token-2')
  expect(await tokenAt(19)).toBe('token-2')
})

test('after a failure the server is asked again', async () => {
  const { tokenAt } = keeper(1)
  await expect(tokenAt(0)).rejects.toThrow('away')
  expect(await tokenAt(0)).toBe('token-2')
})

test('a server that wants none is not asked again', async () => {
  let asked = 0
  const csrf = new CsrfKeeper(async () => void asked++ as undefined)
  expect([await csrf.headers(0), await csrf.headers(1)]).toEqual([{}, {}])
  expect(asked).toBe(1)
})
