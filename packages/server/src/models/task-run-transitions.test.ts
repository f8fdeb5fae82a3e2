import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../tests/helpers/databases.ts'
import { makeFlow, makeFlowRun, proposal, taskRunCreation } from '../../tests/helpers/make.ts'
import { createTestContext } from '../../tests/helpers/test-context.ts'
import type { TestContext } from '../../tests/helpers/test-context.ts'
import type { Context } from '../context.ts'
import { createConcurrencyLimit } from './concurrency-limits.ts'
import { serverState } from './server-state.ts'
import { readTaskRunStates } from './task-run-states.ts'
import { transitionTaskRuns } from './task-run-transitions.ts'
import type { TaskRunProposal } from './task-run-transitions.ts'
import { readTaskRun } from './task-runs.ts'

describe.each(DIALECTS)('several proposals for one task run on %s', (dialect) => {
  let test_: TestContext
  let context: Context
  let flow_run_id: string
  let made: number
  beforeEach(async () => {
    test_ = await createTestContext(dialect)
    context = test_.context
    flow_run_id = await makeFlowRun(context, { flow_id: await makeFlow(context) })
    made = 0
  })
  afterEach(() => test_.close())

  const make = async (tags: string[] = []): Promise<string> => {
    const given = { flow_run_id, dynamic_key: `${made++}`, tags }
    const creation = taskRunCreation(context, given, serverState('SCHEDULED', context))
    return (await context.hotPath.createTaskRun(creation)).taskRun.id
  }
  const put = (proposals: TaskRunProposal[]) =>
    context.database.write((session) => transitionTaskRuns(session, proposals, context))
  const history = async (id: string) =>
    (await context.database.read((session) => readTaskRunStates(session, id))).map(({ type }) => type)
  const read = (id: string) => context.database.read((session) => readTaskRun(session, id))

  test('are each decided on what the one before left, and all their states are kept', async () => {
    const id = await make()
    const types = ['PENDING', 'RUNNING', 'COMPLETED'] as const
    const results = await put(types.map((type) => proposal(context, id, type)))
    expect(results.map((result) => result?.state?.type)).toEqual(types)
    expect(await history(id)).toEqual(['SCHEDULED', ...types])
    const run = await read(id)
    expect(run).toMatchObject({ run_count: 1, next_scheduled_start_time: null, state_type: 'COMPLETED' })
    expect(run?.state?.id).toBe(results[2]?.state?.id)
    expect(run?.start_time).toBe(results[1]?.state?.timestamp)
    expect(run?.end_time).toBe(results[2]?.state?.timestamp)
  })

  test('take slots that an earlier one gave back', async () => {
    const limit = {
      active: true,
      name: 'tag:narrow',
      limit: 1,
      active_slots: 0,
      denied_slots: 0,
      slot_decay_per_second: 0,
    }
    await context.database.write((session) => createConcurrencyLimit(session, limit, context))
    const id = await make(['narrow'])
    const types = ['RUNNING', 'COMPLETED', 'RUNNING'] as const
    const results = await put(types.map((type) => proposal(context, id, type)))
    expect(results.map((result) => result?.status)).toEqual(['ACCEPT', 'ACCEPT', 'ACCEPT'])
    expect(await history(id)).toEqual(['SCHEDULED', ...types])
  })

  test('one that follows another is put only if that was accepted', async () => {
    const [open, over] = [await make(), await make()]
    await put([proposal(context, over, 'CANCELLED')])
    const state_details = { deferred: true }
    const results = await put([
      proposal(context, open, 'PENDING', { state_details }),
      proposal(context, over, 'PENDING', { state_details }),
      { ...proposal(context, open, 'RUNNING'), follows: 0 },
      { ...proposal(context, over, 'RUNNING'), follows: 1 },
    ])
    expect(results.map((result) => result?.status)).toEqual(['ACCEPT', 'ABORT', 'ACCEPT', undefined])
    expect(await history(open)).toEqual(['SCHEDULED', 'PENDING', 'RUNNING'])
    expect(await history(over)).toEqual(['SCHEDULED', 'CANCELLED'])
  })
})
