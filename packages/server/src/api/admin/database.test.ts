import { describe, expect, onTestFinished, test } from 'vitest'
import { DIALECTS } from '../../../tests/helpers/databases.ts'
import { createTestServer } from '../../../tests/helpers/test-server.ts'

const PREFECT_2 = { 'user-agent': 'prefect/2.20.25 (API 0.8.4)' }

async function serverWithRows(dialect: (typeof DIALECTS)[number]) {
  const server = await createTestServer(dialect)
  onTestFinished(() => server.close())
  const { body: flow } = await server.call('POST', '/flows/', { name: 'f' })
  const { body: run } = await server.call('POST', '/flow_runs/', {
    flow_id: flow.id,
    state: { type: 'RUNNING' },
  })
  await server.call('POST', '/task_runs/', { flow_run_id: run.id, task_key: 't', dynamic_key: '0' })
  await server.call('POST', '/variables/', { name: 'v', value: 1 })
  const count = async () => {
    const nouns = ['flows', 'flow_runs', 'task_runs', 'variables', 'block_types']
    const answers = nouns.map(async (noun) => {
      const { body } = await server.call('POST', `/${noun}/filter`, {})
      return body.length
    })
    return Promise.all(answers)
  }
  return { ...server, count }
}

describe.each(DIALECTS)('on %s', (dialect) => {
  test.each(['clear', 'drop'])('%s leaves no row, and the server goes on', async (verb) => {
    const server = await serverWithRows(dialect)
    expect(await server.count()).toEqual([1, 1, 1, 1, 0])
    const { status, body } = await server.call(
      'POST',
      `/admin/database/${verb}`,
      { confirm: true },
      PREFECT_2,
    )
    expect({ status, body }).toEqual({ status: 204, body: undefined })
    expect(await server.count()).toEqual([0, 0, 0, 0, 0])
    expect((await server.call('POST', '/flows/', { name: 'f' })).status).toBe(201)
    expect((await server.call('POST', '/task_runs/count', {})).body).toBe(0)
    await server.call('POST', '/task_runs/', { task_key: 't', dynamic_key: '0' })
    expect((await server.call('POST', '/task_runs/count', {})).body).toBe(1)
  })

  test('what is not confirmed is refused without a word, and nothing is lost', async () => {
    const server = await serverWithRows(dialect)
    for (const given of [undefined, {}, { confirm: false }, { confirm: null }]) {
      const answer = await server.call('POST', '/admin/database/clear', given, PREFECT_2)
      expect({ status: answer.status, body: answer.body }).toEqual({ status: 400, body: undefined })
    }
    expect((await server.call('POST', '/admin/database/clear', { confirm: 'x' }, PREFECT_2)).status).toBe(422)
    expect(await server.count()).toEqual([1, 1, 1, 1, 0])
  })

  test('create finds its tables there and changes nothing', async () => {
    const server = await serverWithRows(dialect)
    const { status } = await server.call('POST', '/admin/database/create', { confirm: true }, PREFECT_2)
    expect(status).toBe(204)
    expect(await server.count()).toEqual([1, 1, 1, 1, 0])
  })

  test('Prefect 3 clients are told that there is no such route', async () => {
    const server = await serverWithRows(dialect)
    const { status, body } = await server.call('POST', '/admin/database/clear', { confirm: true })
    expect({ status, body }).toEqual({ status: 404, body: { detail: 'Not Found' } })
    expect(await server.count()).toEqual([1, 1, 1, 1, 0])
  })

  test('blocks can still be sealed and read after a clear', async () => {
    const server = await serverWithRows(dialect)
    await server.call('POST', '/admin/database/clear', { confirm: true }, PREFECT_2)
    await server.call('POST', '/block_types/install_system_block_types')
    const { body: type } = await server.call('GET', '/block_types/slug/secret')
    const { body: schemas } = await server.call('POST', '/block_schemas/filter', {
      block_schemas: { block_type_id: { any_: [type.id] } },
    })
    const document = {
      name: 'mine',
      data: { value: 'hidden' },
      block_type_id: type.id,
      block_schema_id: schemas[0].id,
    }
    expect((await server.call('POST', '/block_documents/', document)).status).toBe(201)
    const { body } = await server.call(
      'GET',
      '/block_types/slug/secret/block_documents/name/mine?include_secrets=true',
    )
    expect(body.data).toEqual({ value: 'hidden' })
  })
})
