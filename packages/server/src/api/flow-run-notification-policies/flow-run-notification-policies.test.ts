import { FlowRunNotificationPolicy } from '@reeve/schemas/flow-run-notification-policy'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../../tests/helpers/databases.ts'
import { createTestServer } from '../../../tests/helpers/test-server.ts'
import type { TestServer } from '../../../tests/helpers/test-server.ts'

const UNKNOWN = 'ffffffff-0000-4000-8000-000000000000'
const PATH = '/flow_run_notification_policies'
const gone = { status: 404, body: { detail: 'flow run notification policy not found' } }

describe.each(DIALECTS)('notification policies on %s', (dialect) => {
  let server: TestServer
  let blockId: string
  beforeEach(async () => {
    server = await createTestServer(dialect)
    const type = (await call('POST', '/block_types/', { name: 'Mail', slug: 'mail' })).body
    const schema = (await call('POST', '/block_schemas/', { block_type_id: type.id })).body
    const ids = { block_type_id: type.id, block_schema_id: schema.id }
    blockId = (await call('POST', '/block_documents/', { name: 'mine', ...ids })).body.id
  })
  afterEach(() => server.close())

  const call = (method: string, path: string, body?: object) => server.call(method, path, body)
  const create = (more: object = {}) =>
    call('POST', `${PATH}/`, { state_names: ['Failed'], tags: [], block_document_id: blockId, ...more })
  const list = async (flow_run_notification_policy_filter?: object | null) =>
    (await call('POST', `${PATH}/filter`, { flow_run_notification_policy_filter })).body.map(
      ({ is_active }: FlowRunNotificationPolicy) => is_active,
    )

  test('a policy reads back as it was created', async () => {
    const { status, body } = await create({ tags: ['a'], message_template: '{flow_run_name} {{x}}' })
    expect(status).toBe(201)
    expect(FlowRunNotificationPolicy.strict().parse(body)).toMatchObject({
      is_active: true,
      state_names: ['Failed'],
      tags: ['a'],
      message_template: '{flow_run_name} {{x}}',
    })
    expect((await call('GET', `${PATH}/${body.id}`)).body).toEqual(body)
  })

  test('an update sets what it names', async () => {
    const { body } = await create({ message_template: 'x' })
    const patch = { is_active: false, message_template: null }
    expect((await call('PATCH', `${PATH}/${body.id}`, patch)).status).toBe(204)
    expect((await call('GET', `${PATH}/${body.id}`)).body).toEqual({
      ...body,
      ...patch,
      updated: expect.any(String),
    })
  })

  test('a filter finds policies that are not active unless it says otherwise', async () => {
    await create()
    await create({ is_active: false })
    expect((await list()).toSorted()).toEqual([false, true])
    expect((await list(null)).toSorted()).toEqual([false, true])
    expect(await list({})).toEqual([false])
    expect(await list({ is_active: { eq_: true } })).toEqual([true])
    expect((await list({ is_active: null })).toSorted()).toEqual([false, true])
    expect((await list({ is_active: {} })).toSorted()).toEqual([false, true])
  })

  test('a policy goes with its block', async () => {
    const { body } = await create()
    await call('DELETE', `/block_documents/${blockId}`)
    expect(await call('GET', `${PATH}/${body.id}`)).toMatchObject(gone)
  })

  test('a policy that is not there is 404', async () => {
    const { body } = await create()
    expect((await call('DELETE', `${PATH}/${body.id}`)).status).toBe(204)
    expect(await call('DELETE', `${PATH}/${body.id}`)).toMatchObject(gone)
    expect(await call('PATCH', `${PATH}/${UNKNOWN}`, { is_active: true })).toMatchObject(gone)
  })

  test.each<[object, number]>([
    [{ block_document_id: UNKNOWN }, 409],
    [{ message_template: 'for {nobody}' }, 422],
    [{ message_template: '{flow_run_id!r} {flow_name:>10}' }, 201],
    [{ message_template: '{flow_id.hex}' }, 422],
    [{ message_template: 'open {' }, 422],
    [{ message_template: '}} }' }, 422],
    [{ state_names: null }, 422],
    [{ tags: undefined }, 422],
    [{ name: 'x' }, 422],
  ])('creation with %j is %i', async (more, status) => {
    expect((await create(more)).status).toBe(status)
  })
})
