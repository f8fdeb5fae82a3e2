import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFlowRunInput } from '../models/flow-run-inputs.ts'
import { storeEvents } from '../models/store-events.ts'
import { readTaskRunStates } from '../models/task-run-states.ts'
import { DIALECTS } from '../../tests/helpers/databases.ts'
import { makeFlow, makeFlowRun, proposal, taskRunCreation } from '../../tests/helpers/make.ts'
import { START } from '../../tests/helpers/test-context.ts'
import { taskRunEvent } from '../../tests/helpers/task-run-event.ts'
import { createWebsocketTest } from '../../tests/helpers/websocket-server.ts'
import type { WebsocketTest } from '../../tests/helpers/websocket-server.ts'

/** As Prefect's client asks for the ends of background task runs. */
const ENDS = ['Completed', 'Cancelled', 'Failed', 'Crashed'].map((name) => `prefect.task-run.${name}`)
const MARKER = 'prefect.task-run.Marker'

describe.each(DIALECTS)('events that pass, on %s', (dialect) => {
  let server: WebsocketTest
  beforeEach(async () => {
    server = await createWebsocketTest(dialect)
  })
  afterEach(() => server.close())

  const subscribe = async (names: readonly string[], frame: object = {}) => {
    const client = await server.connect('/events/out').authenticated()
    const event = names.length > 0 ? { name: [...names, MARKER] } : {}
    client.send({ type: 'filter', filter: { event, occurred: { until: '2027-01-01T00:00:00Z' } }, ...frame })
    await client.pinged()
    return client
  }
  /** A run that was Running and is now in this state. */
  const ended = async (type: 'COMPLETED' | 'FAILED', more: object = {}, given: object = {}) => {
    const { context } = server
    const { taskRun } = await context.hotPath.createTaskRun(
      taskRunCreation(context, { dynamic_key: crypto.randomUUID(), ...given }),
    )
    await context.hotPath.setTaskRunState(proposal(context, taskRun.id, 'RUNNING'))
    const result = await context.hotPath.setTaskRunState(proposal(context, taskRun.id, type, more))
    return { taskRun, state: result!.state! }
  }
  const mark = () => {
    const event = taskRunEvent({
      run: 9,
      state: 9,
      type: 'COMPLETED',
      at: START,
      flowRun: null,
      fields: {},
    })
    const marker = { ...event, event: MARKER, resource: { 'prefect.resource.id': 'marker' } }
    return server.context.database.write((session) => storeEvents(session, [marker], server.context))
  }

  test('who asks for it by name is told how a run ended that the rules govern', async () => {
    const client = await subscribe(ENDS)
    const data = { type: 'reference', storage_key: 'k' }
    const flow_run_id = await makeFlowRun(server.context, { flow_id: await makeFlow(server.context) })
    const { taskRun, state } = await ended(
      'COMPLETED',
      { data, message: 'well' },
      { tags: ['b', 'a'], flow_run_id },
    )
    const { event } = await client.next()
    expect(event).toMatchObject({
      id: state.id,
      event: 'prefect.task-run.Completed',
      resource: {
        'prefect.resource.id': `prefect.task-run.${taskRun.id}`,
        'prefect.resource.name': taskRun.name,
        'prefect.state-type': 'COMPLETED',
      },
      related: [`prefect.flow-run.${flow_run_id}`, 'prefect.tag.a', 'prefect.tag.b'].map((id) => ({
        'prefect.resource.id': id,
      })),
      payload: { validated_state: { type: 'COMPLETED', name: 'Completed', message: 'well', data } },
    })
    expect(event.resource['prefect.orchestration']).toBeUndefined()
  })

  test('a run that is created and ended in one call is told of too', async () => {
    const client = await subscribe(ENDS)
    const { context } = server
    const proposals = (['RUNNING', 'COMPLETED'] as const).map((type) => proposal(context, '', type))
    const { taskRun } = await context.hotPath.createTaskRun({ ...taskRunCreation(context), proposals })
    const { event } = await client.next()
    expect(event.resource['prefect.resource.id']).toBe(`prefect.task-run.${taskRun.id}`)
  })

  test('a run that ended before is told with what is stored, once', async () => {
    const { state } = await ended('FAILED')
    const client = await subscribe(ENDS)
    await mark()
    const frames = [await client.next(), await client.next()]
    expect(frames.map(({ event }) => event.event)).toEqual(['prefect.task-run.Failed', MARKER])
    expect(frames[0].event.id).toBe(state.id)
  })

  test('many that ended before are told whole, each once', async () => {
    const ids = await Promise.all(
      Array.from({ length: 260 }, async () => (await ended('COMPLETED')).state.id),
    )
    const client = await subscribe(ENDS)
    await client.until(() => client.frames.length >= 260, 'all ends')
    await client.pinged()
    const told = client.frames.map((frame) => (frame as { event: { id: string } }).event.id)
    expect(told.toSorted()).toEqual(ids.toSorted())
  })

  test('with backfill false only what ends from now on is told', async () => {
    await ended('COMPLETED')
    const client = await subscribe(ENDS, { backfill: false })
    await ended('FAILED')
    expect((await client.next()).event.event).toBe('prefect.task-run.Failed')
  })

  test('a state with a name of its own is told by that name, and by its type to who asks for that', async () => {
    const [byType, byName] = [await subscribe(ENDS), await subscribe(['prefect.task-run.TimedOut'])]
    await ended('FAILED', { name: 'TimedOut' })
    const [typed, named] = [await byType.next(), await byName.next()]
    expect([typed.event.event, named.event.event]).toEqual([
      'prefect.task-run.Failed',
      'prefect.task-run.TimedOut',
    ])
    expect(typed.event.payload.validated_state.name).toBe('TimedOut')
  })

  test('who asks for all events, or for others, is told of none', async () => {
    const clients = [await subscribe([]), await subscribe(['prefect.flow-run.Completed'])]
    await ended('COMPLETED')
    await mark()
    for (const client of clients) expect((await client.next()).event.event).toBe(MARKER)
  })

  test('a run of which a client sends events is told once', async () => {
    const client = await subscribe(ENDS)
    const event = taskRunEvent({ run: 1, state: 2, type: 'COMPLETED', at: START, flowRun: null, fields: {} })
    await server.context.database.write((session) => storeEvents(session, [event], server.context))
    await mark()
    expect((await client.next()).event.id).toBe(event.id)
    expect((await client.next()).event.event).toBe(MARKER)
  })

  test('one that is told comes to nothing when somebody sends it back', async () => {
    const client = await subscribe(ENDS)
    const { taskRun } = await ended('COMPLETED')
    const { event } = await client.next()
    const sender = await server.connect('/events/in').authenticated()
    sender.send(event)
    await sender.pinged()
    const states = await server.context.database.read((session) => readTaskRunStates(session, taskRun.id))
    expect(states.map(({ type }) => type)).toEqual(['PENDING', 'RUNNING', 'COMPLETED'])
  })

  test('who asks for it by name is told when a flow run is handed an input', async () => {
    const { context } = server
    const flow_run_id = await makeFlowRun(context, { flow_id: await makeFlow(context) })
    const client = await subscribe(['reeve.flow-run-input.created'])
    const input = { flow_run_id, key: 'k', value: 'v', sender: null }
    await context.database.write((session) => createFlowRunInput(session, input, context))
    const { event } = await client.next()
    expect(event.resource).toEqual({ 'prefect.resource.id': `prefect.flow-run.${flow_run_id}` })
  })

  test('when nobody follows any more, nothing listens', async () => {
    const client = await subscribe(ENDS)
    expect(server.context.bus.hasListeners('finishedTaskRun')).toBe(true)
    client.socket.close()
    await expect.poll(() => server.context.bus.hasListeners('finishedTaskRun')).toBe(false)
  })
})
