import type { Route } from '@reeve/schemas/route'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from './answer.ts'
import { send } from './register.ts'

interface Pattern {
  method: string
  path: RegExp
}

/**
 * Answers what no route matches: 307 to the form with or without the trailing slash, 405 for a known path
 * with another method, 404 for the rest.
 */
export function unmatched(routes: readonly Route[], mount: string) {
  const patterns: Pattern[] = routes.map(({ method, path }) => ({
    method,
    path: new RegExp(`^${(mount + path).replaceAll(/:\w+/g, '[^/]+')}$`),
  }))
  const matches = (path: string, method?: string) =>
    patterns.some((pattern) => (!method || pattern.method === method) && pattern.path.test(path))

  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const [path = '/', query] = request.url.split('?', 2)
    const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`
    if (matches(other, request.method)) {
      return reply.redirect(query === undefined ? other : `${other}?${query}`, 307)
    }
    if (matches(path)) return send(reply, undefined, refuse(405, 'Method Not Allowed'))
    return send(reply, undefined, refuse(404, 'Not Found'))
  }
}
