import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../tests/helpers/databases.ts'
import { makeFlow, makeFlowRun, proposal, taskRunCreation } from '../../tests/helpers/make.ts'
import { createTestContext } from '../../tests/helpers/test-context.ts'
import type { TestContext } from '../../tests/helpers/test-context.ts'
import type { Context } from '../context.ts'
import { createConcurrencyLimit, readConcurrencyLimit } from './concurrency-limits.ts'
import { readTaskRun } from './task-runs.ts'
import { readTaskRunStates } from './task-run-states.ts'

describe.each(DIALECTS)('the hot path on %s', (dialect) => {
  let test_: TestContext
  let context: Context
  let flowRunId: string
  beforeEach(async () => {
    test_ = await createTestContext(dialect)
    context = test_.context
    flowRunId = await makeFlowRun(context, { flow_id: await makeFlow(context), labels: { own: 'yes' } })
  })
  afterEach(() => test_.close())

  const read = (id: string) => context.database.read((session) => readTaskRun(session, id))

  test('a task run is created with its state, its names and its labels', async () => {
    const { taskRun, created } = await context.hotPath.createTaskRun(
      taskRunCreation(context, {
        flow_run_id: flowRunId,
        tags: ['x'],
        empirical_policy: { retries: 0 } as never,
      }),
    )
    expect(created).toBe(true)
    expect(taskRun.name).toMatch(/^[a-z]+-[a-z]+$/)
    expect(taskRun.state).toMatchObject({ type: 'PENDING', name: 'Pending' })
    expect(taskRun.labels).toMatchObject({ own: 'yes', 'prefect.flow-run.id': flowRunId })
    expect(await read(taskRun.id)).toMatchObject(taskRun)
    expect(taskRun.empirical_policy).toEqual({ retries: 0 })
  })

  test('50 parallel creates with one natural key make one row and give one id', async () => {
    const results = await Promise.all(
      Array.from({ length: 50 }, () =>
        context.hotPath.createTaskRun(taskRunCreation(context, { flow_run_id: flowRunId })),
      ),
    )
    expect(new Set(results.map(({ taskRun }) => taskRun.id)).size).toBe(1)
    expect(results.filter(({ created }) => created)).toHaveLength(1)
  })

  test('50 parallel creates of a task run without a flow run make one row', async () => {
    const results = await Promise.all(
      Array.from({ length: 50 }, () => context.hotPath.createTaskRun(taskRunCreation(context))),
    )
    expect(new Set(results.map(({ taskRun }) => taskRun.id)).size).toBe(1)
  })

  test('a create for an unknown flow run is refused, and its neighbours in the batch are kept', async () => {
    const results = await Promise.allSettled([
      context.hotPath.createTaskRun(taskRunCreation(context, { flow_run_id: flowRunId, dynamic_key: '1' })),
      context.hotPath.createTaskRun(taskRunCreation(context, { flow_run_id: context.ids.random() })),
      context.hotPath.createTaskRun(taskRunCreation(context, { flow_run_id: flowRunId, dynamic_key: '2' })),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((results[1] as PromiseRejectedResult).reason).toMatchObject({ code: 'integrity' })
  })

  test('an id that another task run has is refused', async () => {
    const id = context.ids.random()
    await context.hotPath.createTaskRun(taskRunCreation(context, { id, flow_run_id: flowRunId }))
    const again = context.hotPath.createTaskRun(
      taskRunCreation(context, { id, flow_run_id: flowRunId, dynamic_key: 'other' }),
    )
    await expect(again).rejects.toMatchObject({ code: 'integrity' })
  })

  test('a task run goes through its states, and each is kept', async () => {
    const { taskRun } = await context.hotPath.createTaskRun(
      taskRunCreation(context, { flow_run_id: flowRunId }),
    )
    const running = await context.hotPath.setTaskRunState(proposal(context, taskRun.id, 'RUNNING'))
    test_.clock.advance(2)
    const data = { type: 'reference', storage_key: 'k', artifact_type: 'result' }
    const completed = await context.hotPath.setTaskRunState(
      proposal(context, taskRun.id, 'COMPLETED', { data }),
    )
    expect([running?.status, completed?.status]).toEqual(['ACCEPT', 'ACCEPT'])
    const after = await read(taskRun.id)
    expect(after).toMatchObject({ state_type: 'COMPLETED', run_count: 1, flow_run_run_count: 1 })
    expect(after?.total_run_time).toBeCloseTo(2, 3)
    expect(after?.state?.data).toEqual({ type: 'reference', storage_key: 'k' })
    expect(after?.state?.state_details).toMatchObject({ flow_run_id: flowRunId, task_run_id: taskRun.id })
    const history = await context.database.read((session) => readTaskRunStates(session, taskRun.id))
    expect(history.map(({ type }) => type)).toEqual(['PENDING', 'RUNNING', 'COMPLETED'])
  })

  test('a proposal for a run that is not there has no result', async () => {
    expect(
      await context.hotPath.setTaskRunState(proposal(context, context.ids.random(), 'RUNNING')),
    ).toBeUndefined()
  })

  test('parallel transitions of one run are decided one after the other', async () => {
    const { taskRun } = await context.hotPath.createTaskRun(
      taskRunCreation(context, { flow_run_id: flowRunId }),
    )
    const results = await Promise.all(
      Array.from({ length: 50 }, () =>
        context.hotPath.setTaskRunState(proposal(context, taskRun.id, 'RUNNING')),
      ),
    )
    expect(results.every((result) => result?.status === 'ACCEPT')).toBe(true)
    expect(await read(taskRun.id)).toMatchObject({ run_count: 50 })
    const history = await context.database.read((session) => readTaskRunStates(session, taskRun.id))
    expect(history).toHaveLength(51)
  })

  test('of 50 parallel proposals of RUNNING under a tag limit of 1, one is accepted', async () => {
    const limit = {
      active: true,
      name: 'tag:scarce',
      limit: 1,
      active_slots: 0,
      denied_slots: 0,
      slot_decay_per_second: 0,
    }
    await context.database.write((session) => createConcurrencyLimit(session, limit, context))
    const runs = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        context.hotPath.createTaskRun(
          taskRunCreation(context, { flow_run_id: flowRunId, dynamic_key: String(index), tags: ['scarce'] }),
        ),
      ),
    )
    const results = await Promise.all(
      runs.map(({ taskRun }) => context.hotPath.setTaskRunState(proposal(context, taskRun.id, 'RUNNING'))),
    )
    const statuses = results.map((result) => result?.status)
    expect(statuses.filter((status) => status === 'ACCEPT')).toHaveLength(1)
    expect(statuses.filter((status) => status === 'WAIT')).toHaveLength(49)
    const winner = runs[statuses.indexOf('ACCEPT')]?.taskRun.id as string
    await context.hotPath.setTaskRunState(proposal(context, winner, 'COMPLETED'))
    const after = await context.database.read((session) =>
      readConcurrencyLimit(session, { name: 'tag:scarce' }, context),
    )
    expect(after?.active_slots).toBe(0)
  })

  test('a completed state with a cache key is found by the next run with that key', async () => {
    const [first, second] = await Promise.all(
      ['1', '2'].map((dynamic_key) =>
        context.hotPath.createTaskRun(taskRunCreation(context, { flow_run_id: flowRunId, dynamic_key })),
      ),
    )
    const state_details = { cache_key: 'key' }
    await context.hotPath.setTaskRunState(proposal(context, first!.taskRun.id, 'RUNNING', { state_details }))
    const data = { type: 'reference', storage_key: 'k' }
    await context.hotPath.setTaskRunState(
      proposal(context, first!.taskRun.id, 'COMPLETED', { state_details, data }),
    )
    const hit = await context.hotPath.setTaskRunState(
      proposal(context, second!.taskRun.id, 'RUNNING', { state_details }),
    )
    expect(hit).toMatchObject({ status: 'REJECT', state: { type: 'COMPLETED', name: 'Cached', data } })
    expect(await read(second!.taskRun.id)).toMatchObject({ state_name: 'Cached', run_count: 0 })
  })
})
