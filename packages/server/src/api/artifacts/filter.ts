import { filterArtifacts as route } from '@reeve/schemas/routes/artifacts'
import { readArtifacts } from '../../models/artifacts.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { pageLimit } from '../page-limit.ts'
import { wireArtifact } from '../wire/artifact.ts'
import { runFilters } from '../run-filters.ts'

export const filterArtifacts = endpoint(route, async ({ context, client, body }) => {
  const limit = pageLimit(body.limit, context.settings.default_limit)
  if (typeof limit !== 'number') return limit
  const page = { limit, offset: body.offset, sort: body.sort }
  const rows = await context.database.scan((session) =>
    readArtifacts(session, { own: body.artifacts, ...runFilters(body, client) }, page),
  )
  return ok(rows.map(wireArtifact))
})
