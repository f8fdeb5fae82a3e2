import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { State } from '@reeve/orchestration/types'
import type { StateType } from '@reeve/schemas/state-type'
import { Event } from '@reeve/schemas/event'
import { insertRows } from '../database/bulk.ts'
import type { Row } from '../database/tables.ts'
import { DIALECTS } from '../../tests/helpers/databases.ts'
import { flowRow, flowRunRow } from '../../tests/helpers/run-rows.ts'
import { START, createTestContext } from '../../tests/helpers/test-context.ts'
import type { TestContext } from '../../tests/helpers/test-context.ts'
import { flowRunStateEvent, readSurroundings } from './flow-run-events.ts'
import { wireEvent } from './wire-event.ts'

const ID = (last: number) => `11111111-0000-4000-8000-${String(last).padStart(12, '0')}`
const MINUTE = 60 * 1_000_000

function state(type: StateType, name: string, more: Partial<State> = {}): State {
  return { id: ID(90), type, name, timestamp: START, message: null, data: null, state_details: {}, ...more }
}

describe.each(DIALECTS)('the event of a flow run state on %s', (dialect) => {
  let server: TestContext
  const flow = flowRow({ id: ID(1), name: 'etl', tags: ['flow-tag', 'b'] })
  beforeEach(async () => {
    server = await createTestContext(dialect)
    await server.context.database.write((session) => insertRows(session, 'flow', [flow]))
  })
  afterEach(() => server.close())

  const insertRun = async (fields: Partial<Row<'flow_run'>> = {}) => {
    const run = flowRunRow({ id: ID(2), flow_id: flow.id, name: 'brave-otter', run_count: 3, ...fields })
    await server.context.database.write((session) => insertRows(session, 'flow_run', [run]))
    return run
  }
  const told = (run: Row<'flow_run'>, written: State, previous: State | null = null) =>
    server.context.database.write(async (session) =>
      flowRunStateEvent(
        { run, previous, written },
        (await readSurroundings(session, [run.id])).get(run.id),
        server.context,
      ),
    )
  const rolesOf = (event: Row<'event'>) =>
    (event.related as { [label: string]: string }[]).map((labels) => [
      labels['prefect.resource.role'],
      labels['prefect.resource.id'],
      labels['prefect.resource.name'],
    ])

  test('has the id and the time of the state and tells what moved', async () => {
    const previous = state('PENDING', 'Pending', { id: ID(80), timestamp: START - MINUTE })
    const event = await told(await insertRun(), state('RUNNING', 'Retrying', { message: 'again' }), previous)
    expect(wireEvent(event)).toEqual({
      occurred: '2026-01-01T00:00:00Z',
      event: 'prefect.flow-run.Retrying',
      resource: {
        'prefect.resource.id': `prefect.flow-run.${ID(2)}`,
        'prefect.resource.name': 'brave-otter',
        'prefect.run-count': '3',
        'prefect.state-message': 'again',
        'prefect.state-name': 'Retrying',
        'prefect.state-timestamp': '2026-01-01T00:00:00+00:00',
        'prefect.state-type': 'RUNNING',
      },
      related: expect.any(Array),
      payload: {
        intended: { from: 'PENDING', to: 'RUNNING' },
        initial_state: { type: 'PENDING', name: 'Pending' },
        validated_state: { type: 'RUNNING', name: 'Retrying', message: 'again' },
      },
      id: ID(90),
      follows: ID(80),
      received: expect.any(String),
    })
  })

  test.each([
    [null, null],
    [4.99 * MINUTE, ID(80)],
    [5 * MINUTE, null],
  ])('after a state %s µs ago follows %s', async (ago, follows) => {
    const previous = ago === null ? null : state('PENDING', 'Pending', { id: ID(80), timestamp: START - ago })
    const event = await told(await insertRun(), state('RUNNING', 'Running'), previous)
    expect(event.follows).toBe(follows)
    expect(event.payload['initial_state']).toEqual(previous && { type: 'PENDING', name: 'Pending' })
  })

  test('a paused state tells, in words, whether it reschedules', async () => {
    const run = await insertRun()
    const paused = state('PAUSED', 'Suspended', { state_details: { pause_reschedule: true } })
    expect((await told(run, paused)).payload['validated_state']).toMatchObject({ pause_reschedule: 'true' })
    const resumed = state('RUNNING', 'Running')
    expect((await told(run, resumed, state('PAUSED', 'Paused'))).payload['initial_state']).toEqual({
      type: 'PAUSED',
      name: 'Paused',
      pause_reschedule: 'false',
    })
  })

  test('everything around the run is related, tags sorted and creator last', async () => {
    const base = { created: START, updated: START }
    await server.context.database.write(async (session) => {
      const { build } = session
      await session.run(
        build.insertInto('work_pool').values({ ...base, id: ID(3), name: 'pool', type: 'process' } as never),
      )
      await session.run(
        build
          .insertInto('work_queue')
          .values({ ...base, id: ID(4), name: 'default', work_pool_id: ID(3) } as never),
      )
      await session.run(
        build.insertInto('deployment').values({
          ...base,
          id: ID(5),
          name: 'nightly',
          flow_id: flow.id,
          paused: false,
          tags: ['deployment-tag'],
          enforce_parameter_schema: true,
          status: 'NOT_READY',
        } as never),
      )
    })
    const run = await insertRun({
      tags: ['b', 'a'],
      deployment_id: ID(5),
      work_queue_id: ID(4),
      created_by: { id: ID(6), type: 'AUTOMATION', display_value: 'on failure' },
    })
    const event = await told(run, state('SCHEDULED', 'Late'))
    expect(rolesOf(event)).toEqual([
      ['flow', `prefect.flow.${flow.id}`, 'etl'],
      ['deployment', `prefect.deployment.${ID(5)}`, 'nightly'],
      ['work-queue', `prefect.work-queue.${ID(4)}`, 'default'],
      ['work-pool', `prefect.work-pool.${ID(3)}`, 'pool'],
      ['tag', 'prefect.tag.a', undefined],
      ['tag', 'prefect.tag.b', undefined],
      ['tag', 'prefect.tag.deployment-tag', undefined],
      ['tag', 'prefect.tag.flow-tag', undefined],
      ['creator', `prefect.automation.${ID(6)}`, 'on failure'],
    ])
    expect(event.related).toContainEqual(expect.objectContaining({ 'prefect.work-pool.type': 'process' }))
  })

  test.each(['SCHEDULE', 'USER', null])('a creator of type %s is not related', async (type) => {
    const run = await insertRun({ created_by: { id: ID(6), type, display_value: 'x' } })
    expect(rolesOf(await told(run, state('RUNNING', 'Running'))).map(([role]) => role)).not.toContain(
      'creator',
    )
  })

  test('a subflow run names the task run that stands for it', async () => {
    const parent = await insertRun({ id: ID(7) })
    const { context } = server
    await context.database.write((session) =>
      session.run(
        session.build.insertInto('task_run').values({
          id: ID(8),
          created: START,
          updated: START,
          name: 'child-0',
          flow_run_id: parent.id,
          task_key: 'child',
          dynamic_key: '0',
          run_count: 0,
          flow_run_run_count: 0,
          total_run_time: 0,
          tags: ['task-tag'],
        } as never),
      ),
    )
    const event = await told(await insertRun({ parent_task_run_id: ID(8) }), state('RUNNING', 'Running'))
    expect(rolesOf(event)).toContainEqual(['task-run', `prefect.task-run.${ID(8)}`, 'child-0'])
    expect(rolesOf(event)).toContainEqual(['tag', 'prefect.tag.task-tag', undefined])
  })

  test('a run with very many tags still tells a valid event', async () => {
    const tags = Array.from({ length: 300 }, (_, index) => `tag-${index}`)
    const event = await told(await insertRun({ tags }), state('RUNNING', 'Running'))
    expect(Event.safeParse(wireEvent(event)).success).toBe(true)
    expect(event.related).toHaveLength(100)
  })

  test('the middle of a very long message is cut out', async () => {
    const message = `start${'x'.repeat(150_000)}end`
    const event = await told(await insertRun(), state('FAILED', 'Failed', { message }))
    const text = event.resource['prefect.state-message'] as string
    expect(text.length).toBeLessThan(100_100)
    expect(text.startsWith('startx')).toBe(true)
    expect(text.endsWith('xend')).toBe(true)
    expect(text).toContain('...50008 additional characters...')
  })
})
