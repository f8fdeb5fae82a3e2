import { z } from 'zod'
import { embedded } from '../embedded.ts'
import { Countable, Event, EventCount, EventPage, TimeUnit } from '../event.ts'
import { EventFilter } from '../filters/event-filter.ts'
import { route } from '../route.ts'
import { float, int } from '../scalars.ts'

const tag = 'events'

export const createEvents = route({
  id: 'createEvents',
  method: 'POST',
  path: '/events',
  tag,
  summary: 'Record events',
  body: z.array(Event),
  responses: { 204: null },
})

export const filterEvents = route({
  id: 'filterEvents',
  method: 'POST',
  path: '/events/filter',
  tag,
  summary: 'List events',
  body: embedded({ filter: EventFilter.optional(), limit: int({ ge: 0, le: 50 }).default(50) }),
  bodyOptional: true,
  responses: { 200: EventPage },
})

export const filterNextEvents = route({
  id: 'filterNextEvents',
  method: 'GET',
  path: '/events/filter/next',
  tag,
  summary: 'Read the next page of a list of events',
  query: z.object({ 'page-token': z.string() }),
  responses: { 200: EventPage },
})

export const countEvents = route({
  id: 'countEvents',
  method: 'POST',
  path: '/events/count-by/:countable',
  tag,
  summary: 'Count events by time, name or resource',
  params: z.object({ countable: Countable }),
  body: embedded({
    filter: EventFilter,
    time_unit: TimeUnit.default('day'),
    time_interval: float({ ge: 0.01 }).default(1),
  }),
  responses: { 200: z.array(EventCount) },
})
