import { expect, expectTypeOf, test } from 'vitest'
import type { z } from 'zod'
import { validationEntries } from './issues.ts'
import { filterFlowRuns, setFlowRunState } from './routes/flow-runs.ts'

test.each([undefined, null, {}])('a body of %j means every default', (body) => {
  expect(filterFlowRuns.body.parse(body)).toEqual({ sort: 'ID_DESC', offset: 0 })
})

test('null for a key means its default', () => {
  const body = { flows: null, flow_runs: null, sort: null, limit: null, offset: null }
  expect(filterFlowRuns.body.parse(body)).toEqual({ sort: 'ID_DESC', offset: 0 })
})

test('keys that the operation does not know are ignored', () => {
  expect(filterFlowRuns.body.parse({ colour: 'red', limit: '5' })).toEqual({
    sort: 'ID_DESC',
    offset: 0,
    limit: 5,
  })
})

test('a limit beyond the bound is left to the server', () => {
  expect(filterFlowRuns.body.parse({ limit: 201 }).limit).toBe(201)
  expect(filterFlowRuns.body.parse({ limit: -1 }).limit).toBe(-1)
})

test('a filter that is given empty is told from one that is not given', () => {
  expect(filterFlowRuns.body.parse({ deployments: {} }).deployments).toEqual({ operator: 'and_' })
  expect(filterFlowRuns.body.parse({}).deployments).toBeUndefined()
})

test.each([{}, { state: null }])('a required key is missing in %j', (body) => {
  const { error } = setFlowRunState.body.safeParse(body)
  expect(validationEntries(error!, 'body', body)).toEqual([
    { type: 'missing', loc: ['body', 'state'], msg: 'Field required', input: null },
  ])
})

test('null deeper inside is not a default', () => {
  expect(setFlowRunState.body.safeParse({ state: { type: null } }).success).toBe(false)
})

test('a body that is no object is refused', () => {
  expect(filterFlowRuns.body.safeParse(5).success).toBe(false)
})

test('a key named __proto__ brings nothing in', () => {
  const body: unknown = JSON.parse('{"__proto__": {"limit": 5}}')
  expect(filterFlowRuns.body.parse(body)).toEqual({ sort: 'ID_DESC', offset: 0 })
})

test('what a client may send is typed: null for optional keys only', () => {
  type Body = z.input<typeof setFlowRunState.body>
  expectTypeOf<{ state: { type: 'RUNNING' } }>().toExtend<Body>()
  expectTypeOf<{ state: { type: 'RUNNING' }; force: null }>().toExtend<Body>()
  expectTypeOf<{ state: null }>().not.toExtend<Body>()
})
