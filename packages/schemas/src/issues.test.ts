import { expect, test } from 'vitest'
import type { z } from 'zod'
import { ArtifactCreate } from './artifact.ts'
import { BlockDocumentCreate } from './block-document.ts'
import { FlowCreate } from './flow.ts'
import { validationEntries } from './issues.ts'
import { createLogs, filterLogs } from './routes/logs.ts'
import { filterFlows } from './routes/flows.ts'
import { readFlowRunStates } from './routes/run-states.ts'
import { TaskRunCreate } from './task-run.ts'

function entries(schema: z.ZodType, input: unknown, root: 'body' | 'query' = 'body') {
  return validationEntries(schema.safeParse(input).error!, root, input)
}

const missing = (loc: unknown[], input: unknown) => ({ type: 'missing', loc, msg: 'Field required', input })

// What the reference server (3.8.8) answered to the same bodies.
test.each([
  ['a missing key', FlowCreate, {}, [missing(['body', 'name'], {})]],
  ['no body at all', FlowCreate, undefined, [missing(['body'], null)]],
  [
    'a value of another type',
    FlowCreate,
    { name: 5 },
    [{ type: 'string_type', loc: ['body', 'name'], msg: 'Input should be a valid string', input: 5 }],
  ],
  [
    'a name that does not fit, and a key too many',
    FlowCreate,
    { name: 'a/b', x: 1 },
    [
      {
        type: 'string_pattern_mismatch',
        loc: ['body', 'name'],
        msg: "String should match pattern '^[^/%&><]+$'",
        input: 'a/b',
        ctx: { pattern: '^[^/%&><]+$' },
      },
      { type: 'extra_forbidden', loc: ['body', 'x'], msg: 'Extra inputs are not permitted', input: 1 },
    ],
  ],
  [
    'a list where an object should be',
    FlowCreate,
    [],
    [
      {
        type: 'model_attributes_type',
        loc: ['body'],
        msg: 'Input should be a valid dictionary or object to extract fields from',
        input: [],
      },
    ],
  ],
  [
    'faults of a filter',
    filterFlows.body,
    { offset: -1, flows: { operator: 'xor', tags: { all_: 'x' }, y: 1 } },
    [
      {
        type: 'greater_than_equal',
        loc: ['body', 'offset'],
        msg: 'Input should be greater than or equal to 0',
        input: -1,
        ctx: { ge: 0 },
      },
      {
        type: 'enum',
        loc: ['body', 'flows', 'operator'],
        msg: "Input should be 'and_' or 'or_'",
        input: 'xor',
        ctx: { expected: "'and_' or 'or_'" },
      },
      {
        type: 'list_type',
        loc: ['body', 'flows', 'tags', 'all_'],
        msg: 'Input should be a valid list',
        input: 'x',
      },
      {
        type: 'extra_forbidden',
        loc: ['body', 'flows', 'y'],
        msg: 'Extra inputs are not permitted',
        input: 1,
      },
    ],
  ],
  [
    'a time that is none',
    filterLogs.body,
    { logs: { timestamp: { before_: 'nope' } } },
    [
      {
        type: 'value_error',
        loc: ['body', 'logs', 'timestamp', 'before_'],
        msg: 'Value error, Unable to parse string [nope]',
        input: 'nope',
        ctx: { error: {} },
      },
    ],
  ],
  [
    'a fault in a list',
    createLogs.body,
    [{ name: 'a', level: 'x', message: 'm', timestamp: '2020-01-01T00:00:00Z', q: 1 }],
    [
      {
        type: 'int_parsing',
        loc: ['body', 0, 'level'],
        msg: 'Input should be a valid integer, unable to parse string as an integer',
        input: 'x',
      },
      { type: 'extra_forbidden', loc: ['body', 0, 'q'], msg: 'Extra inputs are not permitted', input: 1 },
    ],
  ],
  [
    'a key of an artifact',
    ArtifactCreate,
    { key: 'A B' },
    [
      {
        type: 'value_error',
        loc: ['body', 'key'],
        msg: 'Value error, Artifact key must only contain lowercase letters, numbers, and dashes.',
        input: 'A B',
        ctx: { error: {} },
      },
    ],
  ],
])('%s is told as the reference tells it', (_what, schema, input, expected) => {
  const told = entries(schema as z.ZodType, input)
  expect(told).toHaveLength(expected.length)
  expect(told).toEqual(expect.arrayContaining(expected))
})

test('a query parameter is found under query', () => {
  expect(entries(readFlowRunStates.query, {}, 'query')).toMatchObject([{ loc: ['query', 'flow_run_id'] }])
})

test('a block without a name is one fault of the whole body', () => {
  const id = 'a7a7a7a7-a7a7-a7a7-a7a7-a7a7a7a7a7a7'
  const [entry] = entries(BlockDocumentCreate, { block_schema_id: id, block_type_id: id })
  expect(entry).toMatchObject({ type: 'value_error', loc: ['body'] })
})

test('a value that fits none of several is told once for each', () => {
  const body = { task_key: 'k', dynamic_key: '0', task_inputs: { a: [{ id: 5 }] } }
  const types = entries(TaskRunCreate, body).map(({ type, loc }) => [type, ...loc])
  expect(types).toContainEqual(['uuid_type', 'body', 'task_inputs', 'a', 0, 'id'])
  expect(types).toContainEqual(['missing', 'body', 'task_inputs', 'a', 0, 'name'])
})
