import { expect, test } from 'vitest'
import { ROUTES } from './all.ts'
import * as flowRuns from './flow-runs.ts'

test('a route is exported under its id', () => {
  for (const [name, { id }] of Object.entries(flowRuns)) expect(name).toBe(id)
})

test('no two routes answer the same request', () => {
  const requests = ROUTES.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ':')}`)
  expect(requests.filter((request, index) => requests.indexOf(request) !== index)).toEqual([])
})

test('every parameter of a path is in the schema of its parameters', () => {
  for (const { path, params } of ROUTES) {
    const named = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!)
    const values = Object.fromEntries(named.map((name) => [name, 'a7a7a7a7-a7a7-a7a7-a7a7-a7a7a7a7a7a7']))
    if (path.includes(':countable')) values.countable = 'day'
    expect([path, params?.parse(values)]).toEqual([path, named.length > 0 ? values : undefined])
  }
})
