import { expect, test } from 'vitest'
import { simulate } from './simulation/simulate.ts'

const SEEDS = 12
const SIZE = { clients: 300, steps: 120 }
/** `REEVE_SEED` plays one seed again; without it each run takes new ones. */
const GIVEN = process.env['REEVE_SEED']
const FIRST = GIVEN === undefined ? Date.now() % 1_000_000_000 : Number(GIVEN)
const seeds = Array.from({ length: GIVEN === undefined ? SEEDS : 1 }, (_, index) => FIRST + index)

test.each(seeds)('whatever clients propose, the invariants hold (REEVE_SEED=%i)', async (seed) => {
  const { faults, trace, operations, states } = await simulate(seed, SIZE)
  expect({ faults, trace: faults.length > 0 ? trace : [] }).toEqual({ faults: [], trace: [] })
  console.log(`seed ${seed}: ${operations} operations, ${states} states in the end`)
})

test('the same seed makes the same history', async () => {
  const size = { clients: 50, steps: 60 }
  const first = await simulate(FIRST, size)
  expect(await simulate(FIRST, size)).toEqual(first)
  expect((await simulate(FIRST + 1, size)).fingerprint).not.toBe(first.fingerprint)
})
