import { expect, test } from 'vitest'
import { openApiDocument } from './openapi.ts'
import { ROUTES } from './routes/all.ts'

const document = openApiDocument(ROUTES, { title: 'Reeve', version: '1' })
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))

test('every route is there once, under its own id', () => {
  expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(
    ROUTES.map(({ id }) => id).toSorted(),
  )
  expect(new Set(ROUTES.map(({ id }) => id)).size).toBe(ROUTES.length)
})

test('every reference leads to a component', () => {
  const refs = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)
  const names = new Set([...refs].map(([, name]) => name))
  expect(names.size).toBeGreaterThan(50)
  for (const name of names) expect(document.components.schemas).toHaveProperty([name!])
})

test('a path names its parameters in braces, and declares each', () => {
  const { parameters } = document.paths['/flow_runs/{id}/input/{key}']!.get!
  expect(parameters?.map(({ name, in: where, required }) => [name, where, required])).toEqual([
    ['id', 'path', true],
    ['key', 'path', true],
  ])
})

test('a body that may be left out is not required', () => {
  expect(document.paths['/flows/filter']!.post!.requestBody?.required).toBe(false)
  expect(document.paths['/flows/']!.post!.requestBody?.required).toBe(true)
})

test('an answer that is text has its own media type', () => {
  const { content } = document.paths['/flow_runs/{id}/logs/download']!.get!.responses['200']!
  expect(Object.keys(content!)).toEqual(['text/csv'])
})
