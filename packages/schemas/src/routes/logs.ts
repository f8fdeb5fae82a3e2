import { z } from 'zod'
import { embedded } from '../embedded.ts'
import { LogFilter } from '../filters/log-filter.ts'
import { Log, LogCreate } from '../log.ts'
import { Limit, Offset } from '../pagination.ts'
import { route } from '../route.ts'
import { LogSort } from '../sorts.ts'

const tag = 'logs'

export const createLogs = route({
  id: 'createLogs',
  method: 'POST',
  path: '/logs/',
  tag,
  summary: 'Store log lines',
  body: z.array(LogCreate),
  responses: { 201: z.null() },
})

export const filterLogs = route({
  id: 'filterLogs',
  method: 'POST',
  path: '/logs/filter',
  tag,
  summary: 'List log lines',
  body: embedded({
    logs: LogFilter.optional(),
    sort: LogSort.default('TIMESTAMP_ASC'),
    limit: Limit,
    offset: Offset,
  }),
  bodyOptional: true,
  responses: { 200: z.array(Log) },
})
