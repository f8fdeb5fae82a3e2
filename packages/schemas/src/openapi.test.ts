import { readFileSync } from 'node:fs'
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

test('components bear the names of the reference', () => {
  const reference = JSON.parse(
    readFileSync(new URL('../../../compat/contract/prefect-3.8-openapi.json', import.meta.url), 'utf8'),
  ) as typeof document
  const known = Object.keys(reference.components.schemas)
  const ours = Object.keys(document.components.schemas)
  expect(ours.filter((name) => !known.includes(name)).toSorted()).toEqual([
    'SchemaValueError',
    'ValidationEntry',
    'ValidationProblem',
  ])
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
