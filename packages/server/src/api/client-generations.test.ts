import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../tests/helpers/databases.ts'
import { createTestServer } from '../../tests/helpers/test-server.ts'
import type { TestServer } from '../../tests/helpers/test-server.ts'

const UNKNOWN = 'ffffffff-0000-4000-8000-000000000000'
const CLIENTS = {
  '2.20': { 'user-agent': 'prefect/2.20.25 (API 0.8.4)', 'x-prefect-api-version': '0.8.4' },
  '3.8': { 'user-agent': 'prefect/3.8.8 (API 0.8.4)', 'x-prefect-api-version': '0.8.4' },
}
type Generation = keyof typeof CLIENTS

const LONG_AGO = '2001-01-01T00:00:00Z'
const FAR_AHEAD = '2901-01-01T00:00:00Z'

describe.each(DIALECTS)('what differs between the clients on %s', (dialect) => {
  let server: TestServer
  let runId: string
  beforeAll(async () => {
    server = await createTestServer(dialect)
    const flow = (await server.call('POST', '/flows/', { name: 'a flow' })).body
    const create = async (name: string, type: string) =>
      (await server.call('POST', '/flow_runs/', { flow_id: flow.id, name, state: { type } })).body.id
    runId = await create('running', 'RUNNING')
    await create('scheduled', 'SCHEDULED')
    const task = { task_key: 't', dynamic_key: '0' }
    await server.call('POST', '/task_runs/', { ...task, name: 'owned', flow_run_id: runId })
    await server.call('POST', '/task_runs/', { ...task, name: 'alone' })
  })
  afterAll(() => server.close())

  const names = async (path: string, body: object, generation: Generation) => {
    const answer = await server.call('POST', path, body, CLIENTS[generation])
    return answer.status === 200
      ? answer.body.map(({ name }: { name: string }) => name).sort()
      : answer.status
  }

  test.each<[object, (id: string) => object, string[], string[]]>([
    [{}, () => ({}), ['alone', 'owned'], ['owned']],
    [{ is_null_: false }, () => ({ is_null_: false }), ['alone', 'owned'], ['owned']],
    [{ any_: null }, () => ({ any_: null }), ['alone', 'owned'], ['owned']],
    [{ is_null_: true }, () => ({ is_null_: true }), ['alone'], ['alone']],
    [{ any_: ['the run'] }, (id) => ({ any_: [id] }), ['owned'], ['owned']],
    [{ any_: ['another'] }, () => ({ any_: [UNKNOWN] }), [], []],
    [{ any_: [] }, () => ({ any_: [] }), [], []],
    [{ any_: ['the run'], is_null_: true }, (id) => ({ any_: [id], is_null_: true }), ['alone'], ['alone']],
    [{ any_: ['the run'], is_null_: false }, (id) => ({ any_: [id], is_null_: false }), ['owned'], ['owned']],
    [{ operator: 'or_' }, () => ({ operator: 'or_' }), ['alone', 'owned'], ['owned']],
  ])('task runs whose flow run is %j', async (_given, criterion, older, newer) => {
    const body = { task_runs: { flow_run_id: criterion(runId) } }
    expect(await names('/task_runs/filter', body, '2.20')).toEqual(older)
    expect(await names('/task_runs/filter', body, '3.8')).toEqual(newer)
    const count = await server.call('POST', '/task_runs/count', body, CLIENTS['2.20'])
    expect(count.body).toBe(older.length)
  })

  test.each<[object, string[], string[]]>([
    [{ after_: LONG_AGO }, ['running'], ['running', 'scheduled']],
    [{ before_: FAR_AHEAD }, ['running'], ['running', 'scheduled']],
    [{ before_: LONG_AGO }, [], []],
    [{ is_null_: true }, ['scheduled'], ['scheduled']],
    [{ is_null_: false }, ['running'], ['running']],
    [{ after_: LONG_AGO, is_null_: false }, ['running'], ['running']],
    [{}, ['running', 'scheduled'], ['running', 'scheduled']],
  ])('flow runs that start %j', async (start_time, older, newer) => {
    expect(await names('/flow_runs/filter', { flow_runs: { start_time } }, '2.20')).toEqual(older)
    expect(await names('/flow_runs/filter', { flow_runs: { start_time } }, '3.8')).toEqual(newer)
  })

  test.each<[string, object, string[]]>([
    ['/flow_runs/filter', { flow_runs: { end_time: { is_null_: true } } }, ['running', 'scheduled']],
    ['/flow_runs/filter', { flow_runs: { tags: { any_: ['a'] } } }, []],
    ['/flow_runs/filter', { flow_runs: { state: { type: { not_any_: ['RUNNING'] } } } }, ['scheduled']],
    ['/flow_runs/filter', { deployments: { is_schedule_active: null } }, []],
    ['/task_runs/filter', { task_runs: { end_time: { is_null_: false } } }, []],
    ['/flows/filter', { flows: { id: { not_any_: [UNKNOWN] } } }, ['a flow']],
    ['/variables/filter', { variables: { value: null } }, []],
  ])('%s takes what either generation knows: %j', async (path, body, found) => {
    expect(await names(path, body, '2.20')).toEqual(found)
    expect(await names(path, body, '3.8')).toEqual(found)
  })

  test.each<[string, string, number, number]>([
    ['GET', '/flows/x', 422, 404],
    ['GET', '/flow_runs/x/graph', 422, 404],
    ['GET', '/flow_runs/x/graph-v2', 404, 404],
    ['DELETE', '/task_runs/x', 422, 404],
    ['GET', '/variables/x', 404, 404],
    ['GET', '/block_documents/x', 404, 404],
    ['GET', '/saved_searches/x', 422, 404],
  ])('%s %s, whose id is none', async (method, path, older, newer) => {
    expect((await server.call(method, path, undefined, CLIENTS['2.20'])).status).toBe(older)
    expect((await server.call(method, path, undefined, CLIENTS['3.8'])).status).toBe(newer)
  })
})
