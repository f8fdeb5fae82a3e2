import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../tests/helpers/databases.ts'
import { proposal, taskRunCreation } from '../../tests/helpers/make.ts'
import { createTestContext } from '../../tests/helpers/test-context.ts'
import type { TestContext } from '../../tests/helpers/test-context.ts'
import type { Context } from '../context.ts'
import type { Session } from '../database/session.ts'
import { serverState } from './server-state.ts'
import { observeTaskWorker } from './task-workers.ts'
import { claimTaskRuns, releaseClaims, releaseLostClaims, settleClaims } from './task-run-claims.ts'

describe.each(DIALECTS)('claims of background runs on %s', (dialect) => {
  let test_: TestContext
  let context: Context
  let made: number
  beforeEach(async () => {
    test_ = await createTestContext(dialect)
    context = test_.context
    made = 0
  })
  afterEach(() => test_.close())

  const write = <T>(work: (session: Session) => Promise<T>) => context.database.write(work)
  const schedule = async (): Promise<string> => {
    const state = serverState('SCHEDULED', context, { state_details: { deferred: true } })
    const given = { task_key: 'a', dynamic_key: `${made++}` }
    return (await context.hotPath.createTaskRun(taskRunCreation(context, given, state))).taskRun.id
  }
  const claim = async (holder: string, limit = 10, expires = context.clock.now() + 60_000_000) => {
    const id = context.ids.ordered()
    const asked = { id, holder, task_keys: ['a'], limit, expires }
    const runs = await write((session) => claimTaskRuns(session, asked))
    return { id, runs: runs.map((run) => run.id) }
  }
  const move = (id: string, type: 'PENDING' | 'SCHEDULED') =>
    context.hotPath.setTaskRunState(
      proposal(context, id, type, { state_details: { deferred: type === 'PENDING' } }),
    )
  const [one, two] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b']

  test('give each run to one holder, the oldest first', async () => {
    const runs = [await schedule(), await schedule(), await schedule()]
    expect((await claim(one, 2)).runs).toEqual(runs.slice(0, 2))
    expect((await claim(two)).runs).toEqual(runs.slice(2))
    expect((await claim(two)).runs).toEqual([])
  })

  test('of a holder that leaves give back what it has not acknowledged, and nothing else', async () => {
    await Promise.all([schedule(), schedule(), schedule()])
    const { id, runs } = await claim(one)
    const [taken, left, gone] = runs as [string, string, string]
    await move(taken, 'PENDING')
    const still = new Map([
      [left, id],
      [gone, context.ids.random()],
    ])
    await write((session) => releaseClaims(session, one, still, context))
    expect((await claim(two)).runs).toEqual([left])
  })

  test('that expire give back the runs that have not moved since', async () => {
    await Promise.all([schedule(), schedule(), schedule()])
    const now = context.clock.now()
    const { runs } = await claim(one, 10, now)
    const [taken, rescheduled, left] = runs as [string, string, string]
    await move(taken, 'PENDING')
    await move(rescheduled, 'PENDING')
    await move(rescheduled, 'SCHEDULED')
    await write((session) => releaseLostClaims(session, context, now))
    expect((await claim(two)).runs).toEqual([])
    await write((session) => releaseLostClaims(session, context, now + 1))
    expect((await claim(two)).runs).toEqual([left])
  })

  test('of a server that died give back their runs before they expire, those of a live one do not', async () => {
    const [lost, kept] = [await schedule(), await schedule()]
    const heard = context.clock.now()
    const worker = { identifier: 'w', task_keys: ['a'] }
    await write((session) => observeTaskWorker(session, { ...worker, id: one, heard }))
    await write((session) => observeTaskWorker(session, { ...worker, id: two, heard: heard + 15_000_000 }))
    expect((await claim(one, 1)).runs).toEqual([lost])
    expect((await claim(two, 1)).runs).toEqual([kept])
    await write((session) => releaseLostClaims(session, context, heard + 20_000_000))
    expect((await claim(two)).runs).toEqual([])
    await write((session) => releaseLostClaims(session, context, heard + 20_000_001))
    expect((await claim(two)).runs).toEqual([lost])
  })

  test('that are settled give back nothing', async () => {
    await schedule()
    const { id } = await claim(one, 10, 0)
    await write((session) => settleClaims(session, [id]))
    await write((session) => releaseLostClaims(session, context))
    expect((await claim(two)).runs).toEqual([])
  })
})
