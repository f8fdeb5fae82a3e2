import { describe, expect, test } from 'vitest'
import { Limiter } from './limiter.ts'

async function holdersOf(limit: number, jobs: number): Promise<number> {
  const limiter = new Limiter(limit)
  let running = 0
  let most = 0
  const job = async () => {
    const slot = await limiter.acquire()
    most = Math.max(most, ++running)
    await Promise.resolve()
    running--
    slot.release()
  }
  await Promise.all(Array.from({ length: jobs }, job))
  return most
}

describe('Limiter', () => {
  test.each([1, 3])('never lets more than %d run', async (limit) => {
    expect(await holdersOf(limit, 20)).toBe(limit)
  })

  test('lets others in while a holder waits for something, and counts it again afterwards', async () => {
    const limiter = new Limiter(1)
    const outer = await limiter.acquire()
    await outer.lend((async () => (await limiter.acquire()).release())())
    let entered = false
    const next = limiter.acquire().then((slot) => {
      entered = true
      slot.release()
    })
    await new Promise(setImmediate)
    expect(entered).toBe(false)
    outer.release()
    await next
  })

  test('a holder that waits for several things steps aside once', async () => {
    const limiter = new Limiter(1)
    const outer = await limiter.acquire()
    const inner = async () => (await limiter.acquire()).release()
    await Promise.all([outer.lend(inner()), outer.lend(inner()), outer.lend(inner())])
    outer.release()
    outer.release()
    expect(await holdersOf(1, 3)).toBe(1)
    await inner()
  })

  test('a holder that ends while it steps aside gives nothing back twice', async () => {
    const limiter = new Limiter(1)
    const outer = await limiter.acquire()
    const gate = Promise.withResolvers<void>()
    const lent = outer.lend(gate.promise)
    outer.release()
    const second = await limiter.acquire()
    let third = false
    const waiting = limiter.acquire().then(() => (third = true))
    gate.resolve()
    await lent
    await new Promise(setImmediate)
    expect(third).toBe(false)
    second.release()
    await waiting
  })

  test('a limit below one is refused', () => {
    expect(() => new Limiter(0)).toThrow(RangeError)
  })
})
