import type { LeaseHolder } from '@reeve/orchestration/effects'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../tests/helpers/databases.ts'
import { createTestContext } from '../../tests/helpers/test-context.ts'
import type { Context } from '../context.ts'
import type { TestContext } from '../../tests/helpers/test-context.ts'
import type { Session } from '../database/session.ts'
import { createConcurrencyLimit, deleteConcurrencyLimit, readConcurrencyLimit } from './concurrency-limits.ts'
import {
  leaseIsLive,
  reapLeases,
  releaseLease,
  releaseLeasesOf,
  releaseTagSlots,
  renewLease,
  takeSlots,
} from './leases.ts'
import { readTagLimits } from './rule-limits.ts'
import { incrementSlots } from './slots.ts'
import type { SlotAnswer } from './slots.ts'

const RUN = '11111111-1111-4111-8111-111111111111'

const repossessLeases = (context: Context, now: number) =>
  context.database.write((session) => reapLeases(session, { now, limit: 100 }, context))

describe.each(DIALECTS)('leases on %s', (dialect) => {
  let at: TestContext
  beforeEach(async () => {
    at = await createTestContext(dialect)
  })
  afterEach(() => at.close())

  const write = <T>(work: (session: Session) => Promise<T>) => at.context.database.write(work)
  const create = (name: string, limit: number, decay = 0) =>
    write((session) =>
      createConcurrencyLimit(
        session,
        { name, limit, active: true, active_slots: 0, denied_slots: 0, slot_decay_per_second: decay },
        at.context,
      ),
    )
  const take = (names: string[], seconds: number, holder: LeaseHolder | null = null, slots = 1) =>
    write((session) =>
      incrementSlots(session, { names, slots, mode: 'concurrency', lease: { seconds, holder } }, at.context),
    )
  const taken = async (name: string) =>
    (await write((session) => readConcurrencyLimit(session, { name }, at.context)))?.active_slots
  const leaseOf = (answer: SlotAnswer) => (answer as { lease_id: string }).lease_id

  test('of fifty who want the one slot at once, one gets it', async () => {
    await create('one', 1)
    // With all connections open, those who ask first do not have time to finish before the others begin.
    await Promise.all(Array.from({ length: 50 }, () => taken('one')))
    const answers = await Promise.all(Array.from({ length: 50 }, () => take(['one'], 60)))
    expect(answers.filter(({ outcome }) => outcome === 'taken')).toHaveLength(1)
    expect(answers.filter(({ outcome }) => outcome === 'full')).toHaveLength(49)
    expect(await taken('one')).toBe(1)
  })

  test('crossing requests for the same limits in any order never wait for each other for ever', async () => {
    await Promise.all(['a', 'b', 'c'].map((name) => create(name, 100)))
    const orders = [
      ['a', 'b', 'c'],
      ['c', 'b', 'a'],
      ['b', 'c'],
    ]
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => take(orders[index % 3] ?? [], 60)),
    )
    await Promise.all(
      answers.map((answer) => write((session) => releaseLease(session, leaseOf(answer), at.context))),
    )
    expect(await Promise.all(['a', 'b', 'c'].map(taken))).toEqual([0, 0, 0])
  })

  test('a release frees the slots once, however often it is asked for', async () => {
    await create('two', 2)
    const lease = leaseOf(await take(['two'], 60))
    await take(['two'], 60)
    await Promise.all(
      Array.from({ length: 5 }, () => write((session) => releaseLease(session, lease, at.context))),
    )
    expect(await taken('two')).toBe(1)
  })

  test('a lease that ran out is live until it is reaped, and its slots come back then', async () => {
    await create('two', 2)
    const [gone, kept] = [leaseOf(await take(['two'], 60)), leaseOf(await take(['two'], 60))]
    at.clock.advance(61)
    expect(await write((session) => renewLease(session, kept, 60, at.context))).toBe(true)
    expect(await write((session) => leaseIsLive(session, gone))).toBe(true)
    expect(await repossessLeases(at.context, at.clock.now())).toBe(1)
    expect(await write((session) => leaseIsLive(session, gone))).toBe(false)
    expect(await write((session) => renewLease(session, gone, 60, at.context))).toBe(false)
    expect(await taken('two')).toBe(1)
  })

  test('one pass reaps a hundred leases and leaves the rest to the next', async () => {
    await create('many', 200)
    await Promise.all(Array.from({ length: 120 }, () => take(['many'], 60)))
    at.clock.advance(61)
    expect(await repossessLeases(at.context, at.clock.now())).toBe(100)
    expect(await repossessLeases(at.context, at.clock.now())).toBe(20)
    expect(await taken('many')).toBe(0)
  })

  test('parallel passes reap each lease once', async () => {
    await create('many', 200)
    await Promise.all(Array.from({ length: 120 }, () => take(['many'], 60)))
    at.clock.advance(61)
    const now = at.clock.now()
    const reaped = await Promise.all([1, 2, 3].map(() => repossessLeases(at.context, now)))
    expect(reaped.reduce((a, b) => a + b)).toBe(120)
    expect(await taken('many')).toBe(0)
  })

  test('the slots that a transition takes are those of its task run until it releases them', async () => {
    const limits = await Promise.all([create('tag:a', 1), create('tag:b', 2)])
    const effect = {
      type: 'take-slots' as const,
      limit_ids: limits.map(({ id }) => id),
      ttl_seconds: 1e9,
      holder: { type: 'task_run' as const, id: RUN },
    }
    const first = { ...effect, lease_id: '22222222-2222-4222-8222-222222222222' }
    const second = { ...effect, lease_id: '33333333-3333-4333-8333-333333333333' }
    expect(await write((session) => takeSlots(session, first, at.context))).toBe(true)
    expect(await write((session) => takeSlots(session, second, at.context))).toBe(false)
    expect(await Promise.all(['tag:a', 'tag:b'].map(taken))).toEqual([1, 1])
    await write((session) => releaseTagSlots(session, RUN, at.context))
    expect(await Promise.all(['tag:a', 'tag:b'].map(taken))).toEqual([0, 0])
  })

  test('releasing the tags of a task run leaves its other slots', async () => {
    await Promise.all([create('tag:a', 1), create('database', 1)])
    const holder = { type: 'task_run' as const, id: RUN }
    await take(['tag:a'], 60, holder)
    await take(['database'], 60, holder)
    await write((session) => releaseTagSlots(session, RUN, at.context))
    expect(await Promise.all(['tag:a', 'database'].map(taken))).toEqual([0, 1])
    await write((session) => releaseLeasesOf(session, holder, at.context))
    expect(await taken('database')).toBe(0)
  })

  test('tag limits come in the order of the tags, without those that have none', async () => {
    await Promise.all([create('tag:a', 1), create('tag:b', 2), create('c', 3)])
    const limits = await write((session) =>
      readTagLimits(session, ['b', 'c', 'a', 'b'], { lock: true }, at.context),
    )
    expect(limits.map(({ name }) => name)).toEqual(['tag:b', 'tag:a'])
  })

  test('a lease outlives its limit by a day at most', async () => {
    await create('tag:a', 1)
    const lease = leaseOf(await take(['tag:a'], 1e9))
    await write((session) => deleteConcurrencyLimit(session, { name: 'tag:a' }, at.context))
    expect(await write((session) => leaseIsLive(session, lease))).toBe(true)
    at.clock.advance(86_401)
    expect(await repossessLeases(at.context, at.clock.now())).toBe(1)
  })

  test('slots taken are always those of the live leases, and never more than the limit', async () => {
    const names = ['p', 'q']
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('take' as const),
        names: fc.subarray(names, { minLength: 1 }),
        slots: fc.integer({ min: 1, max: 3 }),
        seconds: fc.integer({ min: 60, max: 300 }),
      }),
      fc.record({ kind: fc.constant('release' as const), at: fc.nat(20) }),
      fc.record({ kind: fc.constant('renew' as const), at: fc.nat(20) }),
      fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 200 }) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const suffix = at.context.ids.random()
        const named = (name: string) => `${name} ${suffix}`
        await Promise.all([create(named('p'), 3), create(named('q'), 5)])
        const limits: { [name: string]: number } = { p: 3, q: 5 }
        let live: { id: string; names: string[]; slots: number; until: number }[] = []
        let time = 0
        for (const step of steps) {
          const held = (name: string) =>
            live.filter((lease) => lease.names.includes(name)).reduce((sum, { slots }) => sum + slots, 0)
          if (step.kind === 'take') {
            const answer = await take(step.names.map(named), step.seconds, null, step.slots)
            const fits = step.names.every((name) => held(name) + step.slots <= (limits[name] ?? 0))
            expect(answer.outcome === 'taken').toBe(fits)
            if (fits) live.push({ ...step, id: leaseOf(answer), until: time + step.seconds })
          } else if (step.kind === 'wait') {
            at.clock.advance(step.seconds)
            time += step.seconds
            live = live.filter(({ until }) => until > time)
            await repossessLeases(at.context, at.clock.now())
          } else if (live.length > 0) {
            const lease = live[step.at % live.length] as (typeof live)[number]
            if (step.kind === 'renew') {
              await write((session) => renewLease(session, lease.id, 100, at.context))
              lease.until = time + 100
            } else {
              await write((session) => releaseLease(session, lease.id, at.context))
              live = live.filter((other) => other !== lease)
            }
          }
          expect(await Promise.all(names.map((name) => taken(named(name))))).toEqual(
            names.map((name) =>
              live.filter((lease) => lease.names.includes(name)).reduce((sum, { slots }) => sum + slots, 0),
            ),
          )
        }
      }),
      { numRuns: dialect === 'sqlite' ? 40 : 10 },
    )
  })
})
