import { expect, test } from 'vitest'
import { Congestion } from './congestion.ts'

/** A server that has room for so many requests at once; each takes one turn. */
function serverWith(room: number) {
  const seen = { now: 0, most: 0, refused: 0 }
  const request = async () => {
    seen.most = Math.max(seen.most, ++seen.now)
    const fits = seen.now <= room
    await new Promise((resolve) => setImmediate(resolve))
    seen.now--
    if (!fits) seen.refused++
    return fits
  }
  return { seen, request }
}

async function askUntilDone(congestion: Congestion, request: () => Promise<boolean>, count: number) {
  const one = async () => {
    while (!(await congestion.pass(request, (fits) => !fits)));
  }
  await Promise.all(Array.from({ length: count }, one))
}

test('a server that is slow of breath gets few requests at once, and hardly any in vain', async () => {
  const { seen, request } = serverWith(2)
  await askUntilDone(new Congestion(), request, 300)
  expect(seen.most).toBeLessThanOrEqual(16)
  expect(seen.refused).toBeLessThan(60)
})

test('a server that answers gets more and more', async () => {
  const congestion = new Congestion()
  const { seen, request } = serverWith(Infinity)
  await askUntilDone(congestion, request, 8000)
  expect(seen.most).toBeGreaterThan(32)
  expect(seen.most).toBeLessThanOrEqual(128)
})

test('a request that fails gives its place to the next', async () => {
  const congestion = new Congestion()
  const failing = () => Promise.reject(new Error('broken'))
  await Promise.allSettled(Array.from({ length: 50 }, () => congestion.pass(failing, () => false)))
  expect(
    await congestion.pass(
      async () => 'answered',
      () => false,
    ),
  ).toBe('answered')
})
