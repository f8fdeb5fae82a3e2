import { expect, test } from 'vitest'
import { z } from 'zod'
import { parseTimestamp } from '../time.ts'
import { ArtifactCollectionFilter, ArtifactFilter } from './artifact-filter.ts'
import { BlockDocumentFilter, BlockSchemaFilter, BlockTypeFilter } from './block-filters.ts'
import { DeploymentFilter } from './deployment-filter.ts'
import { EventFilter } from './event-filter.ts'
import { FlowFilter } from './flow-filter.ts'
import { FlowRunFilter } from './flow-run-filter.ts'
import { LogFilter } from './log-filter.ts'
import { TaskRunFilter } from './task-run-filter.ts'
import { VariableFilter } from './variable-filter.ts'
import { WorkPoolFilter } from './work-pool-filter.ts'
import { WorkQueueFilter } from './work-queue-filter.ts'

const FILTERS: [string, z.ZodType][] = Object.entries({
  ArtifactCollectionFilter,
  ArtifactFilter,
  BlockDocumentFilter,
  BlockSchemaFilter,
  BlockTypeFilter,
  DeploymentFilter,
  EventFilter,
  FlowFilter,
  FlowRunFilter,
  LogFilter,
  TaskRunFilter,
  VariableFilter,
  WorkPoolFilter,
  WorkQueueFilter,
})

type Json = z.core.JSONSchema.JSONSchema

/** Every path to an object with named keys inside a filter, as seen in its JSON Schema. */
function objectPaths(root: Json, at: Json = root, path: string[] = []): string[][] {
  const schema = at.$ref ? (root.$defs![at.$ref.replace('#/$defs/', '')] as Json) : at
  const variant = schema.anyOf
    ?.map((option) => option as Json)
    .find(({ $ref, properties }) => $ref ?? properties)
  if (variant) return objectPaths(root, variant, path)
  if (!schema.properties) return []
  const nested = Object.entries(schema.properties).flatMap(([key, property]) =>
    objectPaths(root, property as Json, [...path, key]),
  )
  return [path, ...nested]
}

const nest = (path: string[], value: unknown): unknown =>
  path.reduceRight((inner, key) => ({ [key]: inner }), value)

test.each(FILTERS)('%s refuses unknown keys at every level', (_name, filter) => {
  const paths = objectPaths(z.toJSONSchema(filter, { io: 'input' }))
  expect(paths.length).toBeGreaterThan(2)
  for (const path of paths) {
    const { error } = filter.safeParse(nest(path, { colour: 'red' }))
    const found = error?.issues.some(
      (issue) => issue.code === 'unrecognized_keys' || issue.code === 'invalid_union',
    )
    expect([path, found]).toEqual([path, true])
  }
})

const NOT_NULLABLE: Record<string, string[]> = { EventFilter: ['occurred', 'id', 'order'] }

test.each(FILTERS)('%s takes null for a criterion', (name, filter) => {
  const { properties = {} } = resolve(z.toJSONSchema(filter, { io: 'input' }))
  for (const key of Object.keys(properties)) {
    const nullable = key !== 'operator' && !NOT_NULLABLE[name]?.includes(key)
    expect([key, filter.safeParse({ [key]: null }).success]).toEqual([key, nullable])
  }
})

function resolve(schema: Json): Json {
  return schema.$ref ? (schema.$defs![schema.$ref.replace('#/$defs/', '')] as Json) : schema
}

test('a filter on the flow run of task runs keeps runs that have one, unless null is sent', () => {
  expect(TaskRunFilter.parse({ flow_run_id: {} }).flow_run_id).toEqual({ operator: 'and_', is_null_: false })
  expect(TaskRunFilter.parse({ flow_run_id: { is_null_: null } }).flow_run_id?.is_null_).toBeNull()
  expect(TaskRunFilter.parse({}).flow_run_id).toBeUndefined()
})

test('a filter on blocks leaves out anonymous ones, unless null is sent', () => {
  expect(BlockDocumentFilter.parse({}).is_anonymous).toEqual({ eq_: false })
  expect(BlockDocumentFilter.parse({ is_anonymous: null }).is_anonymous).toBeNull()
})

test('only some criteria let the caller choose how they are joined', () => {
  expect(FlowRunFilter.safeParse({ tags: { operator: 'or_' } }).success).toBe(true)
  expect(FlowRunFilter.safeParse({ name: { operator: 'or_' } }).success).toBe(false)
  expect(FlowRunFilter.safeParse({ operator: 'xor_' }).success).toBe(false)
})

test('bounds of time are microseconds', () => {
  const filter = FlowRunFilter.parse({ start_time: { before_: '2024-01-01T00:00:00' } })
  expect(filter.start_time?.before_).toBe(parseTimestamp('2024-01-01T00:00:00Z'))
})

test('words to search for are at most two hundred characters', () => {
  expect(LogFilter.safeParse({ text: { query: 'x'.repeat(200) } }).success).toBe(true)
  expect(LogFilter.safeParse({ text: { query: 'x'.repeat(201) } }).success).toBe(false)
  expect(LogFilter.safeParse({ text: {} }).success).toBe(false)
})

test('the keys that only Prefect 2 clients send are taken', () => {
  expect(DeploymentFilter.safeParse({ is_schedule_active: { eq_: true } }).success).toBe(true)
  expect(VariableFilter.safeParse({ value: { like_: 'x' } }).success).toBe(true)
})

test('a filter on related resources is one object or a list of them', () => {
  const one = {
    role: ['flow'],
    resources_in_roles: [['prefect.flow.x', 'flow']],
    labels: { a: '*', b: ['c'] },
  }
  expect(EventFilter.parse({ related: one }).related).toEqual(one)
  expect(EventFilter.parse({ related: [one, { id: ['x'] }] }).related).toHaveLength(2)
  expect(EventFilter.safeParse({ related: { resources_in_roles: [['a', 'b', 'c']] } }).success).toBe(false)
})
