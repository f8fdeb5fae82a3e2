import {
  countDeployments as countRoute,
  filterDeployments as filterRoute,
  paginateDeployments as paginateRoute,
} from '@reeve/schemas/routes/deployments'
import { countDeployments as count, readDeployments } from '../../models/deployments.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { pageLimit } from '../page-limit.ts'
import { paginate } from '../paginate.ts'
import { runFilters } from '../run-filters.ts'
import { wireDeployment } from '../wire/deployment.ts'

export const filterDeployments = endpoint(filterRoute, async ({ context, client, body }) => {
  const limit = pageLimit(body.limit, context.settings.default_limit)
  if (typeof limit !== 'number') return limit
  const query = { ...runFilters(body, client), limit, offset: body.offset, sort: body.sort }
  const found = await context.database.scan((session) => readDeployments(session, query, context))
  return ok(found.map(wireDeployment))
})

export const countDeployments = endpoint(countRoute, async ({ context, client, body }) =>
  ok(await context.database.scan((session) => count(session, runFilters(body, client)))),
)

export const paginateDeployments = endpoint(paginateRoute, async ({ context, client, body }) =>
  paginate(body, context.settings.default_limit, (slice) =>
    context.database.scan(async (session) => {
      const filters = runFilters(body, client)
      const found = await readDeployments(session, { ...filters, ...slice, sort: body.sort }, context)
      return { results: found.map(wireDeployment), count: await count(session, filters) }
    }),
  ),
)
