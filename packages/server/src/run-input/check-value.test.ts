import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JsonObject } from '@reeve/schemas/json'
import { createTestServer } from '../../tests/helpers/test-server.ts'
import type { TestServer } from '../../tests/helpers/test-server.ts'
import { checkValue, complaintAbout } from './check-value.ts'
import { hydrate } from './hydrate.ts'

interface Recorded {
  schema: JsonObject
  values: JsonObject
  /** Of a schema that cannot be used, why. */
  errors: unknown[] | string
  complaint: string | null
}

const RECORDED = new URL('../../../../compat/json-schema/recorded.json', import.meta.url)
const cases = JSON.parse(readFileSync(RECORDED, 'utf8')) as Recorded[]

let server: TestServer
beforeAll(async () => {
  server = await createTestServer('sqlite')
})
afterAll(() => server.close())

/** Errors in an order of their own: that in which a checker looks differs. */
function ordered(errors: any[]): unknown[] {
  return errors
    .map((each) => (typeof each === 'string' ? each : { ...each, errors: ordered(each.errors) }))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

test.each(cases)('$values by $schema is what the reference says', async ({ schema, values, ...expected }) => {
  const { status, body } = await server.call('POST', '/ui/schemas/validate', { schema, values })
  if (typeof expected.errors === 'string') {
    expect({ status, body }).toEqual({
      status: 422,
      body: { detail: expected.errors },
    })
    return
  }
  expect(ordered(body.errors)).toEqual(ordered(expected.errors))
  const hydrated = await hydrate(values, async () => undefined)
  const found =
    'value' in hydrated
      ? await complaintAbout(schema, hydrated.value)
      : { complaint: 'error' in hydrated ? hydrated.error : '' }
  expect(found ?? { complaint: null }).toEqual({ complaint: expected.complaint })
})

test('what clients of pydantic 1 write for a tuple is one', async () => {
  const pair = { items: [{ type: 'integer' }, { type: 'string' }], type: 'array' }
  const check = (value: unknown) =>
    checkValue({ properties: { p: pair }, required: ['p'] }, { p: value as never })
  expect(await check([1, 'a'])).toEqual({ faults: [] })
  expect(await check(['a', 1])).toMatchObject({ faults: [{ path: ['p', 0] }, { path: ['p', 1] }] })
})

test('a block may stand for itself by its id', async () => {
  const block = {
    title: 'S3',
    block_type_slug: 's3',
    type: 'object',
    properties: { bucket: { type: 'string' } },
    required: ['bucket'],
  }
  const schema = {
    properties: { b: { $ref: '#/definitions/S3' } },
    required: ['b'],
    definitions: { S3: block },
  }
  const id = '0d5a8e52-0000-4000-8000-000000000000'
  expect(await complaintAbout(schema, { b: { $ref: id } })).toBeUndefined()
  expect(await complaintAbout(schema, { b: { $ref: { block_document_id: id } } })).toBeUndefined()
  expect(await complaintAbout(schema, { b: {} })).toHaveProperty('complaint')
})
