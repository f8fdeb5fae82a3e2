import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestServer } from '../../../tests/helpers/test-server.ts'
import type { TestServer } from '../../../tests/helpers/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await createTestServer('sqlite')
  await server.call('POST', '/variables/', { name: 'five', value: 5 })
})
afterAll(() => server.close())

const validate = (schema: object, values: object) =>
  server.call('POST', '/ui/schemas/validate', { schema, values })
const property = (schema: object, more: object = {}) => ({
  type: 'object',
  properties: { a: schema },
  ...more,
})
const variable = (variable_name: string) => ({ __prefect_kind: 'workspace_variable', variable_name })

test('errors are nested as the value is; a missing property is named where it should be', async () => {
  const schema = {
    type: 'object',
    properties: {
      a: { type: 'integer' },
      b: { type: 'array', items: { type: 'string' }, default: [] },
      c: { type: 'object', properties: { d: { type: 'integer' } }, required: ['d'], default: {} },
    },
    required: ['a'],
  }
  const { body } = await validate(schema, { b: ['x', 1], c: {} })
  expect(body.valid).toBe(false)
  expect(body.errors).toHaveLength(3)
  expect(body.errors).toEqual(
    expect.arrayContaining([
      { property: 'a', errors: [expect.any(String)] },
      { property: 'b', errors: [{ index: 1, errors: [expect.any(String)] }] },
      { property: 'c', errors: [{ property: 'd', errors: [expect.any(String)] }] },
    ]),
  )
})

test.each([
  ['a value that fits', property({ type: 'integer' }), { a: 1 }, true],
  ['null for what is not required', property({ type: 'integer' }), { a: null }, true],
  ['null for what is required', property({ type: 'integer' }, { required: ['a'] }), { a: null }, false],
  [
    'a choice that is met',
    property({ anyOf: [{ type: 'integer' }, { type: 'boolean' }] }),
    { a: true },
    true,
  ],
  ['a variable that fits', property({ type: 'integer' }), { a: variable('five') }, true],
  ['a variable that does not fit', property({ type: 'string' }), { a: variable('five') }, false],
  ['an unknown variable', property({ type: 'integer' }), { a: variable('none') }, false],
  ['broken JSON', property({}), { a: { __prefect_kind: 'json', value: '{' } }, false],
  [
    'a template',
    property({ type: 'integer' }),
    { a: { __prefect_kind: 'jinja', template: '{{ x }}' } },
    true,
  ],
])('%s is found to be so', async (_name, schema, values, valid) => {
  const { status, body } = await validate(schema, values)
  expect({ status, valid: body.valid }).toEqual({ status: 200, valid })
  expect(body.errors.length === 0).toBe(valid)
})

test('a choice that is not met is one error', async () => {
  const { body } = await validate(property({ anyOf: [{ type: 'integer' }, { type: 'boolean' }] }), { a: 'q' })
  expect(body.errors).toEqual([
    { property: 'a', errors: ["'q' is not valid under any of the given schemas"] },
  ])
})

test('an error of the whole stands at the root', async () => {
  const { body } = await validate({ type: 'object', minProperties: 1 }, {})
  expect(body.errors).toEqual([expect.any(String)])
})

test.each([
  ['that is not one', { type: 'nonsense' }],
  [
    'that goes round in circles',
    property({ $ref: '#/definitions/x' }, { definitions: { x: { $ref: '#/definitions/x' } } }),
  ],
])('a schema %s is refused', async (_name, schema) => {
  const { status, body } = await validate(schema, { a: 1 })
  expect(status).toBe(422)
  expect(body.detail).toMatch(/^Invalid schema/)
})
