import type {
  EventAnyResourceFilter,
  EventRelatedFilter,
  ResourceSpecification,
} from '@reeve/schemas/filters/event-filter'
import { matchesGlob, parseGlob } from '../glob.ts'
import type { EventQuery } from '../models/event-query.ts'
import { relatedOf } from '../models/events.ts'
import type { EventRow, Labels } from '../models/events.ts'
import { matchesTextQuery, parseTextQuery } from '../models/filters/text-query.ts'

type Matcher<T> = (value: T) => boolean

const ID = 'prefect.resource.id'
const ROLE = 'prefect.resource.role'

/** The filter as a test of one event: what `eventMatches` asks of the database. */
export function eventMatcher(query: EventQuery): Matcher<EventRow> {
  const { event, resource, id, text, occurred } = query
  const all = [
    matching<EventRow>((row) => row.occurred >= occurred.since && row.occurred <= occurred.until),
    ...listed(id?.id, (row: EventRow) => row.id),
    ...nameMatchers(event),
    ...listed(resource?.id, (row: EventRow) => row.resource_id),
    ...prefixed(resource?.id_prefix, (row: EventRow) => row.resource_id),
    ...specified(resource?.labels).map(on((row: EventRow) => row.resource as Labels)),
    ...list(query.related).flatMap(relatedMatchers),
    ...list(query.any_resource).flatMap(anyResourceMatchers),
    ...wordMatchers(text?.query),
  ]
  return (row) => all.every((matches) => matches(row))
}

const matching = <T>(matcher: Matcher<T>) => matcher
const on =
  <T, U>(part: (value: T) => U) =>
  (matcher: Matcher<U>): Matcher<T> =>
  (value) =>
    matcher(part(value))

function list<T>(value: T | T[] | null | undefined): T[] {
  return Array.isArray(value) ? value : value ? [value] : []
}

function listed<T>(
  values: string[] | null | undefined,
  text: (value: T) => string | undefined,
): Matcher<T>[] {
  if (!values?.length) return []
  const set = new Set<string | undefined>(values)
  return [(value) => set.has(text(value))]
}

function prefixed<T>(
  prefixes: string[] | null | undefined,
  text: (value: T) => string | undefined,
): Matcher<T>[] {
  if (!prefixes?.length) return []
  return [(value) => prefixes.some((prefix) => text(value)?.startsWith(prefix))]
}

const not =
  <T>(matcher: Matcher<T>): Matcher<T> =>
  (value) =>
    !matcher(value)

function nameMatchers(filter: EventQuery['event']): Matcher<EventRow>[] {
  const name = (row: EventRow) => row.event
  return [
    ...listed(filter?.name, name),
    ...prefixed(filter?.prefix, name),
    ...listed(filter?.exclude_name, name).map(not),
    ...prefixed(filter?.exclude_prefix, name).map(not),
  ]
}

/** One matcher for each label that the specification names. */
export function specified(specification: ResourceSpecification | null | undefined): Matcher<Labels>[] {
  return Object.entries(specification ?? {}).map(([label, patterns]) => {
    const any = list(patterns).map((pattern) => {
      const isNegated = pattern.startsWith('!')
      const tokens = parseGlob(isNegated ? pattern.slice(1) : pattern)
      return (text: string) => matchesGlob(text, tokens) !== isNegated
    })
    return (labels) => {
      const value = labels[label]
      return value !== undefined && any.some((matches) => matches(value))
    }
  })
}

function relatedMatchers(filter: EventRelatedFilter): Matcher<EventRow>[] {
  const pairs = filter.resources_in_roles
  const each: Matcher<Labels>[] = [
    ...listed(filter.id, (labels: Labels) => labels[ID]),
    ...listed(filter.role, (labels: Labels) => labels[ROLE]),
    ...(pairs?.length
      ? [matching<Labels>((labels) => pairs.some(([id, role]) => labels[ID] === id && labels[ROLE] === role))]
      : []),
    ...specified(filter.labels),
  ]
  if (each.length === 0) return []
  return [(row) => relatedOf(row).some((labels) => each.every((matches) => matches(labels)))]
}

function anyResourceMatchers({ id, id_prefix, labels }: EventAnyResourceFilter): Matcher<EventRow>[] {
  const each: Matcher<Labels>[] = [
    ...listed(id, (resource: Labels) => resource[ID]),
    ...prefixed(id_prefix, (resource: Labels) => resource[ID]),
    ...specified(labels),
  ]
  if (each.length === 0) return []
  return [
    (row) =>
      [row.resource as Labels, ...relatedOf(row)].some((resource) =>
        each.every((matches) => matches(resource)),
      ),
  ]
}

function wordMatchers(query: string | undefined): Matcher<EventRow>[] {
  if (!query?.trim()) return []
  const words = parseTextQuery(query)
  return [
    ({ event, resource, related, payload }) =>
      matchesTextQuery(
        [event, ...[resource, related, payload].map((part) => JSON.stringify(part))].join(' '),
        words,
      ),
  ]
}
