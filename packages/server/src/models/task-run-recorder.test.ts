import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defaultStateName } from '@reeve/schemas/state-type'
import type { StateType } from '@reeve/schemas/state-type'
import { insertRows } from '../database/bulk.ts'
import type { Row } from '../database/tables.ts'
import { flowRow, flowRunRow } from '../../tests/helpers/run-rows.ts'
import { DIALECTS } from '../../tests/helpers/databases.ts'
import { START, createTestContext } from '../../tests/helpers/test-context.ts'
import type { TestContext } from '../../tests/helpers/test-context.ts'
import { taskRunEvent } from '../../tests/helpers/task-run-event.ts'
import type { Told } from '../../tests/helpers/task-run-event.ts'
import { recordTaskRunEvents } from './task-run-recorder.ts'

const FLOW_RUN = '11111111-0000-4000-8000-000000000001'
const OTHER_FLOW_RUN = '11111111-0000-4000-8000-000000000002'
const NOWHERE = '11111111-0000-4000-8000-00000000dead'

describe.each(DIALECTS)('the task-run recorder on %s', (dialect) => {
  let server: TestContext
  beforeEach(async () => {
    server = await createTestContext(dialect)
    const flow = flowRow()
    await server.context.database.write(async (session) => {
      await insertRows(session, 'flow', [flow])
      const runs = [FLOW_RUN, OTHER_FLOW_RUN].map((id) => flowRunRow({ id, flow_id: flow.id }))
      await insertRows(session, 'flow_run', runs)
    })
  })
  afterEach(() => server.close())

  const record = (...told: Told[]) => recordAll(told.map(taskRunEvent))
  const recordAll = (events: Row<'event'>[]) =>
    server.context.database.write((session) => recordTaskRunEvents(session, events, server.context))
  const runs = () =>
    server.context.database.read((session) =>
      session.all(session.build.selectFrom('task_run').selectAll().orderBy('id')),
    )
  const states = () =>
    server.context.database.read((session) =>
      session.all(session.build.selectFrom('task_run_state').selectAll().orderBy('timestamp')),
    )
  const told = (more: Partial<Told> = {}): Told => ({
    run: 1,
    state: 1,
    type: 'PENDING',
    at: START,
    flowRun: FLOW_RUN,
    fields: {},
    ...more,
  })

  test('a first event makes the run, with its state', async () => {
    const event = taskRunEvent(
      told({
        type: 'RUNNING',
        fields: { run_count: 1, start_time: '2026-01-01T00:00:00Z', tags: ['b', 'a'] },
      }),
    )
    const recording = await recordAll([event])
    expect(recording).toEqual({ orphans: [], malformed: [] })
    const [run] = await runs()
    expect(run).toMatchObject({
      id: '22222222-0000-7000-8000-000000000001',
      flow_run_id: FLOW_RUN,
      name: 'task-1',
      task_key: 'task',
      dynamic_key: '1',
      state_id: event.id,
      state_type: 'RUNNING',
      state_name: 'Running',
      state_timestamp: START,
      run_count: 1,
      start_time: START,
      tags: ['b', 'a'],
      total_run_time: 0,
    })
    const [state] = await states()
    expect(state).toMatchObject({
      id: event.id,
      task_run_id: run?.id,
      type: 'RUNNING',
      name: null,
      timestamp: START,
      state_details: { cache_key: 'k' },
      data: { storage_key: 's' },
    })
  })

  test('a later event writes only what it names; an older or equal one leaves the run alone', async () => {
    await record(told({ state: 1, at: START + 10, fields: { tags: ['x'], run_count: 1, cache_key: 'c' } }))
    await record(told({ state: 2, at: START + 20, type: 'RUNNING', fields: { run_count: 2 } }))
    await record(told({ state: 3, at: START + 20, type: 'FAILED', fields: { run_count: 7 } }))
    await record(told({ state: 4, at: START + 5, type: 'SCHEDULED', fields: { run_count: 9, tags: [] } }))
    expect(await runs()).toMatchObject([
      { state_type: 'RUNNING', run_count: 2, tags: ['x'], cache_key: 'c', state_timestamp: START + 20 },
    ])
    expect((await states()).map(({ type, timestamp }) => [type, timestamp - START])).toEqual([
      ['SCHEDULED', 5],
      ['PENDING', 10],
      ['RUNNING', 20],
      ['FAILED', 21],
    ])
  })

  test('of two states of one instant, in one batch, the first counts and both are kept', async () => {
    await record(
      told({ state: 1, type: 'RUNNING', fields: { run_count: 1 } }),
      told({ state: 2, type: 'FAILED', fields: { run_count: 2 } }),
    )
    expect(await runs()).toMatchObject([{ state_type: 'RUNNING', run_count: 1, state_timestamp: START }])
    expect((await states()).map(({ type, timestamp }) => [type, timestamp])).toEqual([
      ['RUNNING', START],
      ['FAILED', START + 1],
    ])
  })

  test('an explicit null is written', async () => {
    await record(told({ at: START, fields: { cache_key: 'c', end_time: '2026-01-01T00:00:00Z' } }))
    await record(told({ state: 2, at: START + 1, fields: { end_time: null } }))
    expect(await runs()).toMatchObject([{ cache_key: 'c', end_time: null }])
  })

  test('a run without flow run in a later event is detached', async () => {
    await record(told())
    await record(told({ state: 2, at: START + 1, flowRun: null }))
    expect(await runs()).toMatchObject([{ flow_run_id: null }])
  })

  test('equal keys without a flow run are different runs', async () => {
    await record(told({ flowRun: null, key: '0' }), told({ run: 2, state: 2, flowRun: null, key: '0' }))
    expect(await runs()).toHaveLength(2)
  })

  test.each([true, false])('a run known by its keys keeps its id (same batch: %s)', async (together) => {
    const first = told({ key: '0', at: START })
    const second = told({ run: 2, state: 2, key: '0', at: START + 1, type: 'COMPLETED' })
    if (together) await record(first, second)
    else for (const one of [first, second]) await record(one)
    const all = await runs()
    expect(all).toMatchObject([{ id: taskRunEvent(first).payload && runId(1), state_type: 'COMPLETED' }])
    expect((await states()).map(({ task_run_id, state_details }) => [task_run_id, state_details])).toEqual([
      [runId(1), { cache_key: 'k' }],
      [runId(1), { cache_key: 'k' }],
    ])
  })

  test('an event of an unknown flow run is handed back and its neighbours are recorded', async () => {
    const orphan = taskRunEvent(told({ run: 2, state: 2, flowRun: NOWHERE }))
    const { orphans } = await recordAll([
      taskRunEvent(told()),
      orphan,
      taskRunEvent(told({ run: 3, state: 3 })),
    ])
    expect(orphans.map(({ id }) => id)).toEqual([orphan.id])
    expect((await runs()).map(({ id }) => id)).toEqual([runId(1), runId(3)])
  })

  test.each([
    ['no payload', (event: Row<'event'>) => ({ ...event, payload: {} })],
    ['a run id that is none', (event: Row<'event'>) => withId(event, 'prefect.task-run.x')],
    ['no keys', (event: Row<'event'>) => withTaskRun(event, { name: 'x' })],
    ['a count that is none', (event: Row<'event'>) => withTaskRun(event, { run_count: 'many' })],
  ])('an event with %s is refused and its neighbours are recorded', async (_, spoil) => {
    const bad = spoil(taskRunEvent(told({ run: 2, state: 2 })))
    const { malformed } = await recordAll([bad, taskRunEvent(told())])
    expect(malformed.map(({ event }) => event.id)).toEqual([bad.id])
    expect(await runs()).toHaveLength(1)
  })

  test('events which the server orchestrates, or others emit, are left alone', async () => {
    const event = taskRunEvent(told())
    const unlabelled = { ...event, resource: { 'prefect.resource.id': event.resource_id } }
    const other = { ...event, event: 'prefect.flow-run.Running' }
    await recordAll([unlabelled, other])
    expect(await runs()).toEqual([])
  })

  test('in any order, repeated and split into any batches, the record is that of the ordered stream', async () => {
    let number = 0
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const base = ++number * 1000
        const events = history.events.map((one) =>
          taskRunEvent({ ...one, run: base + one.run, state: base * 100 + one.state, flowRun: FLOW_RUN }),
        )
        for (const batch of history.batches)
          await recordAll(batch.map((index) => events[index % events.length] as Row<'event'>))
        await recordAll(history.rest.map((index) => events[index] as Row<'event'>))
        const expected = oracle(events)
        const mine = (id: string) => expected.runs.has(id)
        const found = (await runs()).filter(({ id }) => mine(id))
        expect(found.map(({ created, updated, ...row }) => row)).toEqual([...expected.runs.values()])
        const history_ = (await states()).filter(({ task_run_id }) => mine(task_run_id))
        expect(history_.map(({ id, timestamp }) => [id, timestamp])).toEqual(expected.states)
      }),
      { numRuns: 40 },
    )
  })

  test('senders may name ever other sets of columns', async () => {
    const values = {
      cache_key: 'c',
      task_version: 'v',
      run_count: 4,
      flow_run_run_count: 5,
      tags: ['t'],
      labels: { l: 1 },
      total_run_time: 1.5,
      end_time: '2026-01-01T00:00:01Z',
    }
    const fields = Object.entries(values)
    for (let mask = 0; mask < 160; mask++) {
      const named = Object.fromEntries(fields.filter((_, bit) => mask & (1 << bit)))
      await record(told({ state: mask + 1, at: START + mask, fields: named }))
    }
    expect(await runs()).toMatchObject([
      { ...values, end_time: START + 1_000_000, state_timestamp: START + 159, expected_start_time: null },
    ])
  })

  test('two servers that record the same runs at once agree', async () => {
    const all = Array.from({ length: 60 }, (_, index) =>
      taskRunEvent(
        told({
          run: (index % 20) + 1,
          state: index + 1,
          at: START + index * 3,
          fields: { run_count: index },
        }),
      ),
    )
    await Promise.all([recordAll(all), recordAll([...all].reverse()), recordAll(all.filter((_, i) => i % 2))])
    const expected = oracle(all)
    expect((await runs()).map(({ created, updated, ...row }) => row)).toEqual([...expected.runs.values()])
    expect(await states()).toHaveLength(60)
  })
})

const runId = (run: number) => `22222222-0000-7000-8000-${run.toString(16).padStart(12, '0')}`
const withId = (event: Row<'event'>, id: string) => ({
  ...event,
  resource: { ...event.resource, 'prefect.resource.id': id },
})
const withTaskRun = (event: Row<'event'>, fields: Row<'event'>['payload']) => ({
  ...event,
  payload: {
    ...event.payload,
    task_run: 'name' in fields ? fields : { ...(event.payload['task_run'] as object), ...fields },
  },
})

const TYPES: StateType[] = ['SCHEDULED', 'PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED']

/** Lives of up to four runs, each with distinct instants, and a way to cut, shuffle and repeat them. */
const histories = fc
  .array(
    fc.record({ run: fc.integer({ min: 1, max: 4 }), type: fc.constantFrom(...TYPES), count: fc.nat(9) }),
    {
      minLength: 1,
      maxLength: 24,
    },
  )
  .chain((lives) => {
    const events = lives.map(({ run, type, count }, index) => ({
      run,
      type,
      state: index + 1,
      at: START + index * 7,
      fields: { run_count: count, tags: count % 2 ? ['odd'] : [], total_run_time: count / 3 },
    }))
    const all = events.map((_, index) => index)
    return fc.record({
      events: fc.constant(events),
      batches: fc.array(fc.array(fc.nat(), { maxLength: 12 }), { maxLength: 6 }),
      rest: fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
    })
  })

/** One event after the other, in the order of time. */
function oracle(events: readonly Row<'event'>[]) {
  const latest = new Map<string, object>()
  const ordered = [...events].sort((a, b) => a.occurred - b.occurred)
  for (const event of ordered) {
    const id = event.resource_id.slice('prefect.task-run.'.length)
    const { task_run: fields, validated_state: state } = event.payload as {
      task_run: { [field: string]: unknown }
      validated_state: { type: StateType }
    }
    latest.set(id, {
      id,
      flow_run_id: FLOW_RUN,
      labels: {},
      empirical_policy: {},
      task_inputs: {},
      cache_key: null,
      cache_expiration: null,
      task_version: null,
      flow_run_run_count: 0,
      expected_start_time: null,
      next_scheduled_start_time: null,
      start_time: null,
      end_time: null,
      total_run_time: 0,
      run_count: 0,
      tags: [],
      ...fields,
      state_id: event.id,
      state_type: state.type,
      state_name: defaultStateName(state.type),
      state_timestamp: event.occurred,
    })
  }
  const inOrder = [...latest].sort(([a], [b]) => (a < b ? -1 : 1))
  return { runs: new Map(inOrder), states: ordered.map(({ id, occurred }) => [id, occurred]) }
}
