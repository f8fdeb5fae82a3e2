import { countLatestArtifacts as route } from '@reeve/schemas/routes/artifacts'
import { countLatestArtifacts as count } from '../../models/artifacts.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { runFilters } from '../run-filters.ts'

export const countLatestArtifacts = endpoint(route, async ({ context, client, body }) =>
  ok(
    await context.database.scan((session) =>
      count(session, { own: body.artifacts, ...runFilters(body, client) }),
    ),
  ),
)
