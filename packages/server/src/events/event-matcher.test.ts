import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EventFilter } from '@reeve/schemas/filters/event-filter'
import type { z } from 'zod'
import { eventMatcher } from './event-matcher.ts'
import { DIALECTS } from '../../tests/helpers/databases.ts'
import { START, createTestContext } from '../../tests/helpers/test-context.ts'
import type { TestContext } from '../../tests/helpers/test-context.ts'
import { eventQuery } from '../models/event-query.ts'
import { countEvents, insertEvents, readEvents } from '../models/events.ts'
import type { EventRow, Labels } from '../models/events.ts'

type Filter = z.input<typeof EventFilter>

const NAMES = [
  'prefect.flow-run.Running',
  'prefect.flow-run.Failed',
  'prefect.flow.created',
  'Prefect.x',
  'a_b',
  'a%b',
  '',
]
const IDS = [
  'prefect.flow-run.1',
  'prefect.flow-run.2',
  'prefect.flow.1',
  'prefect.tag.a',
  'prefect_tag.a',
  'x]y^z-',
]
const ROLES = ['flow', 'tag', 'creator']
const LABELS = ['state', 'a"b', "it's", 'a.b', '$']
const VALUES = ['RUNNING', 'FAILED', 'a', 'ab', '', '^', ']', '-', 'ü', '𝄞', 'a\nb']
const PATTERNS = [
  ...VALUES,
  '*',
  '?',
  'a*',
  '!a*',
  '!RUNNING',
  '[ab]',
  '[!a]*',
  '[]^-]',
  '[^]',
  '[!^]',
  '[a-z]*',
  '[',
  '!',
  '[]',
  '[]-a]',
  '[^-a]',
  '%',
  '*\n*',
]

const oneOf = (values: string[]) => fc.constantFrom(...values)
const some = (values: string[]) =>
  fc.option(fc.uniqueArray(oneOf(values), { maxLength: 3 }), { nil: null, freq: 1 })
const labelsOf = fc.dictionary(oneOf(LABELS), oneOf(VALUES), { maxKeys: 2 })
const resource = fc
  .tuple(oneOf(IDS), labelsOf)
  .map(([id, labels]): Labels => ({ ...labels, 'prefect.resource.id': id }))
const related = fc
  .tuple(resource, oneOf(ROLES))
  .map(([labels, role]): Labels => ({ ...labels, 'prefect.resource.role': role }))
const event = fc
  .record({
    at: fc.integer({ min: -5, max: 5 }),
    name: oneOf(NAMES),
    resource,
    related: fc.array(related, { maxLength: 3 }),
    payload: fc.dictionary(oneOf(['k', 'Key']), oneOf(VALUES), { maxKeys: 1 }),
  })
  .map(({ at, name, resource, related, payload }): EventRow => ({
    id: crypto.randomUUID(),
    occurred: START + at,
    received: START,
    event: name,
    resource_id: resource['prefect.resource.id'] as string,
    resource,
    related,
    payload,
    follows: null,
  }))

const specification = fc.option(
  fc.dictionary(
    oneOf([...LABELS, 'prefect.resource.id']),
    fc.oneof(oneOf(PATTERNS), fc.array(oneOf(PATTERNS), { maxLength: 2 })),
    { maxKeys: 2 },
  ),
  { nil: null, freq: 1 },
)
const PREFIXES = ['prefect.', 'prefect.flow-run.', 'a_', 'a%', '', 'P', 'prefect']
const filter: fc.Arbitrary<Filter> = fc.record(
  {
    occurred: fc.record({
      since: fc.integer({ min: -6, max: 2 }).map((at) => new Date(START / 1000 + at / 1000).toISOString()),
    }),
    event: fc.record(
      {
        name: some(NAMES),
        prefix: some(PREFIXES),
        exclude_name: some(NAMES),
        exclude_prefix: some(PREFIXES),
      },
      { requiredKeys: [] },
    ),
    resource: fc.record(
      { id: some(IDS), id_prefix: some(PREFIXES), labels: specification },
      { requiredKeys: [] },
    ),
    related: oneOrMany(
      fc.record(
        {
          id: some(IDS),
          role: some(ROLES),
          labels: specification,
          resources_in_roles: fc.array(fc.tuple(oneOf(IDS), oneOf(ROLES)), { maxLength: 2 }),
        },
        { requiredKeys: [] },
      ),
    ),
    any_resource: oneOrMany(
      fc.record({ id: some(IDS), id_prefix: some(PREFIXES), labels: specification }, { requiredKeys: [] }),
    ),
    text: fc.record({ query: fc.constantFrom('running', '-flow', '+flow +failed', '"flow-run"', '%', ' ') }),
  },
  { requiredKeys: [] },
)

function oneOrMany<T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> {
  return fc.oneof(one, fc.array(one, { maxLength: 2 }))
}

describe.each(DIALECTS)('an event filter on %s', (dialect) => {
  let server: TestContext
  let events: EventRow[]
  beforeAll(async () => {
    server = await createTestContext(dialect)
    events = fc.sample(event, { numRuns: 400, seed: 7 })
    await server.context.database.write((session) => insertEvents(session, events))
  })
  afterAll(() => server.close())

  const found = async (filter: Filter) => {
    const query = eventQuery(EventFilter.parse(filter), START + 10)
    return server.context.database.read((session) => readEvents(session, { query, limit: 1000 }))
  }

  test('selects in the database what it selects in memory', async () => {
    let selective = 0
    await fc.assert(
      fc.asyncProperty(filter, async (filter) => {
        const matches = eventMatcher(eventQuery(EventFilter.parse(filter), START + 10))
        const expected = events.filter(matches).map(({ id }) => id)
        const actual = (await found(filter)).map(({ id }) => id)
        expect(actual.toSorted()).toEqual(expected.toSorted())
        if (expected.length > 0 && expected.length < events.length) selective++
      }),
      { numRuns: 300 },
    )
    expect(selective).toBeGreaterThan(30)
  })

  test.each([
    ['a prefix is exact in case and has no wildcards', { event: { prefix: ['a_'] } }, ['a_b']],
    ['names are any of', { event: { name: ['a%b', 'Prefect.x'] } }, ['Prefect.x', 'a%b']],
    ['exclusions win', { event: { prefix: ['a'], exclude_name: ['a_b'] } }, ['a%b']],
    ['an empty list asks nothing', { event: { name: [], prefix: ['a_'] }, resource: { id: [] } }, ['a_b']],
  ])('%s', async (_, filter: Filter, names) => {
    expect([...new Set((await found(filter)).map((row) => row.event))].toSorted()).toEqual(names)
  })

  test('bounds of time include their instant', async () => {
    const at = new Date(START / 1000).toISOString()
    const rows = await found({ occurred: { since: at, until: at } })
    expect(rows.length).toBe(events.filter(({ occurred }) => occurred === START).length)
    expect(rows.length).toBeGreaterThan(0)
  })

  test.each(['ASC', 'DESC'] as const)('the order %s is by time', async (order) => {
    const times = (await found({ order })).map(({ occurred }) => occurred)
    const sorted = times.toSorted((a, b) => (order === 'ASC' ? a - b : b - a))
    expect(times).toEqual(sorted)
  })

  test.each(['ASC', 'DESC'] as const)(
    'distinct keeps one event a resource, the first in %s',
    async (order) => {
      const filter: Filter = { order, resource: { distinct: true } }
      const rows = await found(filter)
      const query = eventQuery(EventFilter.parse(filter), START + 10)
      expect(await server.context.database.read((session) => countEvents(session, query))).toBe(rows.length)
      const best = new Map<string, number>()
      for (const { resource_id: id, occurred } of events) {
        const known = best.get(id) ?? occurred
        best.set(id, order === 'ASC' ? Math.min(known, occurred) : Math.max(known, occurred))
      }
      expect(new Map(rows.map((row) => [row.resource_id, row.occurred]))).toEqual(best)
      expect(rows.length).toBe(best.size)
    },
  )
})
