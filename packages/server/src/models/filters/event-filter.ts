import type {
  EventAnyResourceFilter,
  EventRelatedFilter,
  ResourceSpecification,
} from '@reeve/schemas/filters/event-filter'
import { sql } from 'kysely'
import type { Expression } from 'kysely'
import { matchesPattern } from '../../database/glob.ts'
import { inList } from '../../database/in-list.ts'
import { jsonSource, memberText, someElement } from '../../database/json-member.ts'
import type { Session } from '../../database/session.ts'
import { containsAnyCase } from '../../database/text-search.ts'
import { beginsWith, columnBeginsWith } from '../../database/text-prefix.ts'
import type { EventQuery } from '../event-query.ts'
import { NEVER, every, join, not } from './condition.ts'
import type { Condition } from './condition.ts'
import { parseTextQuery } from './text-query.ts'

type Texts = string[] | null | undefined
type Resource = Expression<unknown>

const ID = 'prefect.resource.id'
const ROLE = 'prefect.resource.role'

/** Which rows of `event`. An empty list asks nothing. */
export function eventMatches(session: Session, query: EventQuery): Condition {
  const { event, resource, id, text } = query
  return every([
    within('event.occurred', query),
    ...oneOf(session, 'event.id', id?.id),
    ...oneOf(session, 'event.event', event?.name),
    ...anyPrefix('event.event', event?.prefix),
    ...oneOf(session, 'event.event', event?.exclude_name).map(not),
    ...anyPrefix('event.event', event?.exclude_prefix).map(not),
    ...oneOf(session, 'event.resource_id', resource?.id),
    ...anyPrefix('event.resource_id', resource?.id_prefix),
    ...labelled(session, sql.ref('event.resource'), resource?.labels),
    ...list(query.related).flatMap((related) => relatedConditions(session, query, related)),
    ...list(query.any_resource).flatMap((any) => anyResourceConditions(session, query, any)),
    ...wordConditions(session, text?.query),
  ])
}

function list<T>(value: T | T[] | null | undefined): T[] {
  return Array.isArray(value) ? value : value ? [value] : []
}

function within(column: string, { occurred }: EventQuery): Condition {
  const { since, until } = occurred
  const at = sql.ref(column)
  return sql`(${at} >= cast(${since} as bigint) and ${at} <= cast(${until} as bigint))`
}

function oneOf(session: Session, column: string, values: Texts): Condition[] {
  return values?.length ? [inList(session, column, values)] : []
}

function anyPrefix(column: string, prefixes: Texts): Condition[] {
  return prefixes?.length
    ? [
        join(
          'or_',
          prefixes.map((prefix) => columnBeginsWith(column, prefix)),
        ),
      ]
    : []
}

/** The labels of the specification; a missing label meets no pattern, not even a negated one. */
function labelled(
  session: Session,
  resource: Resource,
  specification: ResourceSpecification | null | undefined,
): Condition[] {
  return Object.entries(specification ?? {}).map(([label, patterns]) => {
    const value = memberText(session, resource, label)
    const met = list(patterns).map((pattern) => {
      if (!pattern.startsWith('!')) return matchesPattern(session, value, pattern)
      return sql<boolean>`(${value} is not null and not ${matchesPattern(session, value, pattern.slice(1))})` as Condition
    })
    return met.length > 0 ? join('or_', met) : NEVER
  })
}

function textIn(session: Session, text: Expression<string | null>, values: readonly string[]): Condition {
  return join(
    'or_',
    values.map((value) => sql`${text} = ${value}` as Condition),
  )
}

function relatedConditions(session: Session, query: EventQuery, filter: EventRelatedFilter): Condition[] {
  const { id, role, resources_in_roles: pairs, labels } = filter
  if (!id?.length && !role?.length && !pairs?.length && !Object.keys(labels ?? {}).length) return []
  const named = id?.length ? id : (pairs?.map(([resourceId]) => resourceId) ?? [])
  const met = someElement(session, 'event.related', (related) => {
    const idOf = memberText(session, related, ID)
    const roleOf = memberText(session, related, ROLE)
    return every([
      ...(id?.length ? [textIn(session, idOf, id)] : []),
      ...(role?.length ? [textIn(session, roleOf, role)] : []),
      ...(pairs?.length
        ? [
            join(
              'or_',
              pairs.map(([i, r]) => sql`(${idOf} = ${i} and ${roleOf} = ${r})` as Condition),
            ),
          ]
        : []),
      ...labelled(session, related, labels),
    ])
  })
  if (named.length === 0) return [met]
  const index = every([
    inList(session, 'event_resource.resource_id', named),
    within('event_resource.occurred', query),
  ])
  return [sql`event.id in (select event_resource.event_id from event_resource where ${index})`, met]
}

/** Finds by index the events that name the resource in any place, then asks whether it is the right one. */
function anyResourceConditions(
  session: Session,
  query: EventQuery,
  { id, id_prefix, labels }: EventAnyResourceFilter,
): Condition[] {
  const names = (column: string) => [...oneOf(session, column, id), ...anyPrefix(column, id_prefix)]
  const byName = names('event_resource.resource_id')
  const conditions: Condition[] = []
  if (byName.length > 0) {
    const related = every([...byName, within('event_resource.occurred', query)])
    const primary = every([...names('named.resource_id'), within('named.occurred', query)])
    conditions.push(
      sql`event.id in (select named.id from event as named where ${primary} union all select event_resource.event_id from event_resource where ${related})`,
    )
  }
  if (!Object.keys(labels ?? {}).length) return conditions
  const meets = (resource: Resource) => {
    const idOf = memberText(session, resource, ID)
    return every([
      ...(id?.length ? [textIn(session, idOf, id)] : []),
      ...(id_prefix?.length
        ? [
            join(
              'or_',
              id_prefix.map((prefix) => beginsWith(idOf, prefix)),
            ),
          ]
        : []),
      ...labelled(session, resource, labels),
    ])
  }
  conditions.push(
    join('or_', [meets(sql.ref('event.resource')), someElement(session, 'event.related', meets)]),
  )
  return conditions
}

const searched = sql<string>`event.event || ' ' || ${jsonSource('event.resource')} || ' ' || ${jsonSource('event.related')} || ' ' || ${jsonSource('event.payload')}`

function wordConditions(session: Session, query: string | undefined): Condition[] {
  const { include, exclude, required } = parseTextQuery(query ?? '')
  const contains = (word: string) => containsAnyCase(session, searched, word)
  return [
    ...(include.length > 0 ? [join('or_', include.map(contains))] : []),
    ...exclude.map((word) => not(contains(word))),
    ...required.map(contains),
  ]
}
