import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Session } from '../src/database/session.ts'
import { reapLeases } from '../src/models/leases.ts'
import { DIALECTS } from './helpers/databases.ts'
import { idleHolderFaults, slotFaults } from './helpers/run-invariants.ts'
import { createTestServer } from './helpers/test-server.ts'
import type { TestServer } from './helpers/test-server.ts'

const TAG = 'narrow'
/** Slots of tags are held for as long as a century: nobody renews them. */
const LONGER_THAN_ANY_LEASE = 200 * 365 * 86_400

/** Ids of what runs: a flow run that holds the slot of its deployment, a task run in it that holds that of a tag. */
interface Running {
  flowId: string
  deploymentId: string
  flowRunId: string
  taskRunId: string
  blockId: string
  blockSchemaId: string
  blockTypeId: string
}

type End = (server: TestServer, running: Running) => Promise<unknown>

const taskTo =
  (type: string, force = false): End =>
  ({ call }, { taskRunId }) =>
    call('POST', `/task_runs/${taskRunId}/set_state`, { state: { type }, force })
const flowTo =
  (type: string, force = false): End =>
  ({ call }, { flowRunId }) =>
    call('POST', `/flow_runs/${flowRunId}/set_state`, { state: { type }, force })

const TASK_ENDS: [string, End][] = [
  ...['COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'].map((type): [string, End] => [type, taskTo(type)]),
  ['a pause', taskTo('PAUSED')],
  ['a state by force', taskTo('FAILED', true)],
  ['its deletion', ({ call }, { taskRunId }) => call('DELETE', `/task_runs/${taskRunId}`)],
]
const FLOW_ENDS: [string, End][] = [
  ...['COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'].map((type): [string, End] => [type, flowTo(type)]),
  ['a state by force', flowTo('CRASHED', true)],
  [
    'states in bulk',
    ({ call }, { flowRunId }) =>
      call('POST', '/flow_runs/bulk_set_state', {
        flow_runs: { id: { any_: [flowRunId] } },
        state: { type: 'CANCELLED' },
      }),
  ],
]
/** After these neither is left. */
const COMMON_ENDS: [string, End][] = [
  ['deletion of the flow run', ({ call }, { flowRunId }) => call('DELETE', `/flow_runs/${flowRunId}`)],
  [
    'deletion of flow runs in bulk',
    ({ call }, { flowRunId }) =>
      call('POST', '/flow_runs/bulk_delete', { flow_runs: { id: { any_: [flowRunId] } } }),
  ],
  ['deletion of the flow', ({ call }, { flowId }) => call('DELETE', `/flows/${flowId}`)],
  [
    'deletion of flows in bulk',
    ({ call }, { flowId }) => call('POST', '/flows/bulk_delete', { flows: { id: { any_: [flowId] } } }),
  ],
  ['deletion of its block', ({ call }, { blockId }) => call('DELETE', `/block_documents/${blockId}`)],
  [
    'deletion of its block schema',
    ({ call }, { blockSchemaId }) => call('DELETE', `/block_schemas/${blockSchemaId}`),
  ],
  [
    'deletion of its block type',
    ({ call }, { blockTypeId }) => call('DELETE', `/block_types/${blockTypeId}`),
  ],
  [
    'a server that does not renew the leases',
    async ({ context, clock }) => {
      clock.advance(LONGER_THAN_ANY_LEASE)
      const now = context.clock.now()
      return context.database.write((session) => reapLeases(session, { now, limit: 100 }, context))
    },
  ],
]

describe.each(DIALECTS)('on %s', (dialect) => {
  let server: TestServer
  let running: Running
  beforeEach(async () => {
    server = await createTestServer(dialect)
    running = await startRuns(server)
  })
  afterEach(() => server.close())

  test('while they run, each holds its slot', async () => {
    expect(await slots(server)).toEqual({ deployment: 1, tag: 1 })
    expect(await faults(server)).toEqual([])
  })

  test.each(TASK_ENDS)('the slot of a tag comes back after %s', async (_name, end) => {
    await end(server, running)
    expect(await slots(server)).toEqual({ deployment: 1, tag: 0 })
    expect(await faults(server)).toEqual([])
  })

  test.each(FLOW_ENDS)('the slot of a deployment comes back after %s', async (_name, end) => {
    await end(server, running)
    expect(await slots(server)).toEqual({ deployment: 0, tag: 1 })
    expect(await faults(server)).toEqual([])
  })

  test.each(COMMON_ENDS)('both slots come back after %s', async (_name, end) => {
    await end(server, running)
    expect(await slots(server)).toEqual({ deployment: 0, tag: 0 })
    expect(await server.context.database.read(slotFaults)).toEqual([])
    expect(await leases(server)).toBe(0)
  })

  test('deletion of the deployment takes its limit along, and its lease ends by itself', async () => {
    await server.call('DELETE', `/deployments/${running.deploymentId}`)
    expect(await slots(server)).toEqual({ deployment: 0, tag: 1 })
    await taskTo('COMPLETED')(server, running)
    await flowTo('COMPLETED')(server, running)
    expect(await slots(server)).toEqual({ deployment: 0, tag: 0 })
    expect(await leases(server)).toBe(0)
  })
})

async function startRuns({ call }: TestServer): Promise<Running> {
  const post = async (path: string, body: object) => {
    const answer = await call('POST', path, body)
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const flow = await post('/flows/', { name: 'f' })
  const type = await post('/block_types/', { name: 'infra', slug: 'infra' })
  const schema = await post('/block_schemas/', { fields: {}, block_type_id: type.id })
  const block = await post('/block_documents/', {
    name: 'b',
    block_type_id: type.id,
    block_schema_id: schema.id,
  })
  await post('/concurrency_limits/', { tag: TAG, concurrency_limit: 1 })
  const deployment = await post('/deployments/', { name: 'd', flow_id: flow.id, concurrency_limit: 1 })
  const run = await post(`/deployments/${deployment.id}/create_flow_run`, {
    infrastructure_document_id: block.id,
  })
  const task = await post('/task_runs/', {
    flow_run_id: run.id,
    task_key: 't',
    dynamic_key: '0',
    tags: [TAG],
  })
  for (const type of ['PENDING', 'RUNNING']) {
    await post(`/flow_runs/${run.id}/set_state`, { state: { type } })
    await post(`/task_runs/${task.id}/set_state`, { state: { type } })
  }
  return {
    flowId: flow.id,
    deploymentId: deployment.id,
    flowRunId: run.id,
    taskRunId: task.id,
    blockId: block.id,
    blockSchemaId: schema.id,
    blockTypeId: type.id,
  }
}

async function slots({ context }: TestServer) {
  const rows = await context.database.read((session) =>
    session.all(session.build.selectFrom('concurrency_limit').select(['name', 'active_slots'])),
  )
  const sum = (wanted: (name: string) => boolean) =>
    rows.filter(({ name }) => wanted(name)).reduce((total, { active_slots }) => total + active_slots, 0)
  const isTag = (name: string) => name === `tag:${TAG}`
  return { deployment: sum((name) => !isTag(name)), tag: sum(isTag) }
}

async function leases({ context }: TestServer): Promise<number> {
  const rows = await context.database.read((session) =>
    session.all(session.build.selectFrom('concurrency_lease').select('id')),
  )
  return rows.length
}

const faults = ({ context }: TestServer) =>
  context.database.read(async (session: Session) => [
    ...(await slotFaults(session)),
    ...(await idleHolderFaults(session)),
  ])
