import type { IncomingHttpHeaders } from 'node:http'
import type { EventPage } from '../../models/event-pages.ts'
import { wireEvent } from '../../models/wire-event.ts'
import { ok } from '../answer.ts'
import type { Answer } from '../answer.ts'

/** A page with the absolute URL of the next one, as the caller reaches this server. */
export function pageAnswer({ events, total, nextToken }: EventPage, headers: IncomingHttpHeaders): Answer {
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'
  const base = `${scheme}://${headers.host ?? 'localhost'}/api/events/filter/next`
  const next = nextToken && `${base}?page-token=${encodeURIComponent(nextToken)}`
  return ok({ events: events.map(wireEvent), total, next_page: next })
}
