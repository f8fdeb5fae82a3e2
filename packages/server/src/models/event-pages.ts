import { EventFilter } from '@reeve/schemas/filters/event-filter'
import { formatTimestamp } from '@reeve/schemas/time'
import type { Timestamp } from '@reeve/schemas/time'
import { z } from 'zod'
import type { Session } from '../database/session.ts'
import { eventQuery } from './event-query.ts'
import type { EventQuery } from './event-query.ts'
import { countEvents, readEvents } from './events.ts'
import type { EventRow } from './events.ts'

/** One page of a list of events. The number of matches is that at the time of the first page. */
export interface EventPage {
  events: EventRow[]
  total: number
  /** Names the next page; null after the last. */
  nextToken: string | null
}

const PageToken = z.object({
  filter: EventFilter,
  count: z.int().nonnegative(),
  page_size: z.int().min(0).max(50),
  offset: z.int().nonnegative(),
  /** When the first page was asked for: what was received later would shift the other pages. */
  asked: z.int(),
})
interface PageToken extends Omit<z.infer<typeof PageToken>, 'filter'> {
  filter: EventQuery
}

export async function readFirstPage(
  session: Session,
  filter: EventQuery,
  size: number,
  now: Timestamp,
): Promise<EventPage> {
  const count = await countEvents(session, filter)
  return readPage(session, { filter, count, page_size: size, offset: 0, asked: now })
}

/** Undefined when the token is not one that a page gave. */
export async function readNextPage(
  session: Session,
  token: string,
  now: Timestamp,
): Promise<EventPage | undefined> {
  const page = readToken(token)
  return page && readPage(session, { ...page, filter: eventQuery(page.filter, now) })
}

async function readPage(session: Session, page: PageToken): Promise<EventPage> {
  const { filter, count, page_size: limit, offset, asked } = page
  const events = await readEvents(session, {
    query: filter,
    limit,
    offset,
    ...(offset > 0 && { receivedBy: asked }),
  })
  const next = offset + limit < count ? writeToken({ ...page, offset: offset + limit }) : null
  return { events, total: count, nextToken: next }
}

/** Encoded twice: the outer text has no `+` and no `/`, which a URL would change. */
function writeToken(page: PageToken): string {
  const { since, until } = page.filter.occurred
  const occurred = { since: formatTimestamp(since), until: formatTimestamp(until) }
  return base64(base64(JSON.stringify({ ...page, filter: { ...page.filter, occurred } })))
}

function readToken(token: string): z.infer<typeof PageToken> | undefined {
  const inner = Buffer.from(token, 'base64').toString('utf8')
  try {
    const parsed = PageToken.safeParse(JSON.parse(Buffer.from(inner, 'base64').toString('utf8')))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}
