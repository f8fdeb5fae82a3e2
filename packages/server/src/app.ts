import Fastify from 'fastify'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { exception, refuse } from './api/answer.ts'
import type { Answer } from './api/answer.ts'
import { headerPasses } from './credentials.ts'
import { apiVersionComplaint } from './api/client.ts'
import { applyCors } from './api/cors.ts'
import { ENDPOINTS } from './api/endpoints.ts'
import { errorAnswer } from './api/errors.ts'
import { serveOpenApi } from './api/openapi.ts'
import { registerEndpoints, send } from './api/register.ts'
import { unmatched } from './api/unmatched.ts'
import type { Context } from './context.ts'
import type { Settings } from './settings.ts'

const MOUNT = '/api'
const OPEN_PATHS = new Set([`${MOUNT}/health`, `${MOUNT}/ready`])
const VERSIONLESS_PATHS = new Set([...OPEN_PATHS, `${MOUNT}/version`])

/** The HTTP side of the server, not yet listening. */
export function createApp(context: Context): FastifyInstance {
  const { settings } = context
  const app = Fastify({
    logger: false,
    bodyLimit: settings.max_body_bytes,
    routerOptions: { maxParamLength: 5000 },
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    keepAliveTimeout: 72_000,
    // A path that no percent-decoding makes text of is the path of nothing.
    frameworkErrors: (_error, _request, reply) => send(reply, undefined, refuse(404, 'Not Found')),
  })
  app.removeAllContentTypeParsers()
  // Named apart from the rest, since Fastify looks a name up faster than a pattern.
  for (const type of ['application/json', '*']) {
    app.addContentTypeParser(type, { parseAs: 'string' }, (_request, body, done) => done(null, body))
  }
  applyCors(app, settings.cors_origins)
  app.addHook('onRequest', (request, reply, done) => {
    const refusal = refusalOf(request, settings)
    if (refusal) send(reply, undefined, refusal)
    else done()
  })
  app.setErrorHandler((error, request, reply) => {
    const answer = errorAnswer(error)
    if (!answer) context.logger.error({ err: error, url: request.url }, 'a request failed')
    return send(reply, undefined, answer ?? exception(500, 'Internal Server Error'))
  })
  const routes = ENDPOINTS.map(({ route }) => route)
  app.setNotFoundHandler(unmatched(routes, MOUNT))
  registerEndpoints(app, context, ENDPOINTS, MOUNT)
  serveOpenApi(app, routes, MOUNT)
  return app
}

/** What is said to a request before it is looked at any closer; undefined when it may go on. */
function refusalOf({ url, headers }: FastifyRequest, settings: Settings): Answer | undefined {
  const end = url.indexOf('?')
  const path = end < 0 ? url : url.slice(0, end)
  if (url.includes('%00')) return refuse(404, 'Not Found')
  if (!OPEN_PATHS.has(path) && !headerPasses(settings, headers.authorization)) {
    return exception(401, 'Unauthorized')
  }
  const version = headers['x-prefect-api-version']
  const complaint = VERSIONLESS_PATHS.has(path) ? undefined : apiVersionComplaint(version?.toString())
  return complaint === undefined ? undefined : refuse(400, complaint)
}
