import { describe, expect, onTestFinished, test } from 'vitest'
import { DIALECTS } from '../../../tests/helpers/databases.ts'
import { createTestServer } from '../../../tests/helpers/test-server.ts'

const variable = { __prefect_kind: 'workspace_variable', variable_name: 'five' }

async function setUp(dialect: (typeof DIALECTS)[number], parameters: object) {
  const server = await createTestServer(dialect)
  onTestFinished(() => server.close())
  await server.call('POST', '/variables/', { name: 'five', value: 5 })
  const { body: flow } = await server.call('POST', '/flows/', { name: 'f' })
  const { body: deployment } = await server.call('POST', '/deployments/', {
    name: 'd',
    flow_id: flow.id,
    parameters,
    parameter_openapi_schema: { type: 'object', properties: { n: { type: 'integer' } } },
  })
  return { ...server, flow, deployment, run: `/deployments/${deployment.id}/create_flow_run` }
}

describe.each(DIALECTS)('on %s', (dialect) => {
  test('parameters of a deployment and of its run are filled in when the run is made', async () => {
    const kept = { n: variable, text: { __prefect_kind: 'jinja', template: '{{ 2 * 3 }}' } }
    const { call, deployment, run } = await setUp(dialect, kept)
    expect(deployment.parameters).toEqual(kept)
    const made = await call('POST', run, { parameters: { list: { __prefect_kind: 'json', value: '[1]' } } })
    expect(made.status).toBe(201)
    expect(made.body.parameters).toEqual({ n: 5, text: '6', list: [1] })
  })

  test('what cannot be filled in is a refusal, and no run is made', async () => {
    const { call, run } = await setUp(dialect, {})
    const parameters = { text: { __prefect_kind: 'jinja', template: '{% if %}' } }
    const { status, body } = await call('POST', run, { parameters })
    expect({ status, body }).toEqual({
      status: 400,
      body: {
        detail:
          "Error hydrating flow run parameters: Invalid jinja: Expected an expression, got 'end of statement block'",
      },
    })
    expect((await call('POST', '/flow_runs/count', {})).body).toBe(0)
  })

  test('run input is filled in before it is checked and kept', async () => {
    const { call, flow } = await setUp(dialect, {})
    const keyset = { schema: 'p-schema', response: 'p-response' }
    const paused = { type: 'PAUSED', state_details: { run_input_keyset: keyset } }
    const { body: run } = await call('POST', '/flow_runs/', { flow_id: flow.id, state: paused })
    const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] }
    await call('POST', `/flow_runs/${run.id}/input`, { key: 'p-schema', value: JSON.stringify(schema) })
    const resume = (run_input: object) => call('POST', `/flow_runs/${run.id}/resume`, { run_input })
    const broken = await resume({ n: { __prefect_kind: 'jinja', template: '{{ nobody() }}' } })
    expect(broken.body.status).toBe('REJECT')
    expect(broken.body.details.reason).toMatch(/^Error hydrating run input: Invalid jinja: Failed to render/)
    expect((await resume({ n: { __prefect_kind: 'jinja', template: '5' } })).body.status).toBe('REJECT')
    expect((await resume({ n: variable })).body.status).toBe('ACCEPT')
    const response = await call('GET', `/flow_runs/${run.id}/input/p-response`)
    expect(JSON.parse(response.body)).toEqual({ n: 5 })
  })
})
