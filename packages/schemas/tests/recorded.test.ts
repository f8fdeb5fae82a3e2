import { expect, test } from 'vitest'
import type { Route } from '../src/route.ts'
import { ROUTES } from '../src/routes/all.ts'
import recorded from './recorded-bodies.json' with { type: 'json' }

interface Exchange {
  client: string
  method: string
  path: string
  status: number
  request?: unknown
  response?: unknown
}

const exchanges = recorded as Exchange[]

function routeOf({ method, path }: Exchange): Route {
  const [pathname = ''] = path.split('?')
  const score = (route: Route) => matchingLiterals(route.path, pathname)
  const [best] = ROUTES.filter((route) => route.method === method && score(route) >= 0).sort(
    (a, b) => score(b) - score(a),
  )
  if (!best) throw new Error(`no route for ${method} ${path}`)
  return best
}

/** How many segments match word for word; -1 when one does not match at all. */
function matchingLiterals(template: string, pathname: string): number {
  const [wanted, given] = [template.split('/'), pathname.split('/')]
  if (wanted.length !== given.length) return -1
  const fits = wanted.every((segment, i) => segment.startsWith(':') || segment === given[i])
  return fits ? wanted.filter((segment) => !segment.startsWith(':')).length : -1
}

const named = (exchange: Exchange) =>
  [`${exchange.client} ${exchange.method} ${exchange.path} ${exchange.status}`, exchange] as const

test.each(exchanges.filter(({ request }) => request !== undefined).map(named))(
  'the body of %s is taken',
  (_name, exchange) => {
    expect(routeOf(exchange).body!.safeParse(exchange.request)).toMatchObject({ success: true })
  },
)

test.each(
  exchanges
    .filter(
      ({ client, status, response }) => client.startsWith('3') && status < 300 && response !== undefined,
    )
    .map(named),
)('the answer to %s fits the schema of the route, key for key', (_name, exchange) => {
  const schema = routeOf(exchange).responses[exchange.status]!
  const result = schema.safeParse(exchange.response)
  expect(result.error?.issues).toBeUndefined()
  expect(result.data).toEqual(exchange.response)
})
