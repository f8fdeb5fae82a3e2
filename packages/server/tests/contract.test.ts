import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openApiDocument } from '@reeve/schemas/openapi'
import { ROUTES } from '@reeve/schemas/routes/all'
import { compareOperation, operationsOf, type Document } from './contract/compare.ts'
import { MEANT_DIFFERENCES } from './contract/differences.ts'

const IMPLEMENTED = ROUTES

const theirs = JSON.parse(
  readFileSync(new URL('../../../compat/contract/prefect-3.8-openapi.json', import.meta.url), 'utf8'),
) as Document
const ours = openApiDocument(
  IMPLEMENTED.filter((route) => !route.extension),
  { title: 'Reeve', version: '0' },
) as unknown as Document
const reference = new Set(operationsOf(theirs).keys())
const older = JSON.parse(
  readFileSync(new URL('../../../compat/contract/prefect-2.20-operations.json', import.meta.url), 'utf8'),
) as string[]
const shared = [...operationsOf(ours).keys()].filter((name) => reference.has(name))

function differences(name: string, document = ours): string[] {
  return compareOperation(name, document, theirs).map((difference) => `${name} ${difference}`)
}

test('every route that the reference lacks says that it is an extension', () => {
  const unknown = [...operationsOf(ours).keys()].filter((name) => !reference.has(name))
  expect(unknown).toEqual([])
  console.log(`implemented ${shared.length} / ${reference.size}`)
})

/** Their nouns are built later; of every other noun each operation is there. */
const TO_COME = /^\w+ \/(deployments|work_pools|work_queues|automations|templates)\b/

test.each([
  ['3.8', [...reference]],
  ['2.20', older],
])('no operation of Prefect %s is missing of the nouns that are there', (version, operations) => {
  const routes = new Set(IMPLEMENTED.map(({ method, path }) => anonymous(`${method} ${path}`)))
  const missing = operations.filter((operation) => !routes.has(anonymous(operation)))
  expect(missing.filter((operation) => !TO_COME.test(operation))).toEqual([])
  console.log(`Prefect ${version}: implemented ${operations.length - missing.length} / ${operations.length}`)
})

/** An operation without the names of its parameters. */
function anonymous(operation: string): string {
  return operation.replaceAll(/:\w+|\{\w+\}/g, '{}')
}

test.each(shared)('%s agrees with the reference', (name) => {
  const unmeant = differences(name).filter((line) => !MEANT_DIFFERENCES.some(({ where }) => where.test(line)))
  expect(unmeant).toEqual([])
})

test('a component that the reference has too bears the same name', () => {
  const own = Object.keys(ours.components.schemas).filter((name) => !(name in theirs.components.schemas))
  expect(own.toSorted()).toEqual(['SchemaValueError', 'ValidationEntry', 'ValidationProblem'])
})

test('every meant difference is still there', () => {
  const found = shared.flatMap((name) => differences(name))
  const stale = MEANT_DIFFERENCES.filter(({ where }) => !found.some((line) => where.test(line)))
  expect(stale).toEqual([])
})

test.each([
  [
    'a field that is missing from a request',
    'POST /flows/',
    (schemas: Schemas) => delete schemas.FlowCreate!.properties!.tags,
    'POST /flows/ request.tags: only theirs',
  ],
  [
    'a field that is missing from an answer',
    'GET /flow_runs/{id}',
    (schemas: Schemas) => delete schemas.FlowRunResponse!.properties!.labels,
    'GET /flow_runs/{id} response.labels: only theirs',
  ],
  [
    'a field that is required against the contract',
    'POST /task_runs/',
    (schemas: Schemas) => schemas.TaskRunCreate!.required!.push('tags'),
    'POST /task_runs/ request.tags: required only by ours',
  ],
  [
    'a choice that is lost deep inside',
    'POST /flow_runs/{id}/set_state',
    (schemas: Schemas) => schemas.StateType!.enum!.pop(),
    'POST /flow_runs/{id}/set_state request.state.type: choices differ',
  ],
  [
    'a request that is open where it should be closed',
    'POST /logs/filter',
    (schemas: Schemas) => delete schemas.LogFilter!.additionalProperties,
    'POST /logs/filter request.logs: only theirs is closed',
  ],
  [
    'an answer of another type',
    'GET /flows/{id}',
    (schemas: Schemas) => (schemas.Flow!.properties!.name = { type: 'integer' }),
    'GET /flows/{id} response.name: integer does not fit',
  ],
])('the comparison finds %s', (_what, name, plant, difference) => {
  const changed = structuredClone(ours)
  plant(changed.components.schemas)
  expect(differences(name, changed)).toContain(difference)
  expect(differences(name)).not.toContain(difference)
})

type Schemas = Document['components']['schemas']
