import type { Route } from '@reeve/schemas/route'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodType } from 'zod'
import type { Context } from '../context.ts'
import type { Answer } from './answer.ts'
import { refuse } from './answer.ts'
import { clientOf } from './client.ts'
import type { Call, Endpoint } from './endpoint.ts'
import { errorAnswer, invalidRequest } from './errors.ts'
import { parseJsonBody } from '../json-body.ts'

const JSON_TYPE = 'application/json'
const MALFORMED_UUID = /uuid/

/** Puts each endpoint at its route under the mount (`/api`). The only file that knows both. */
export function registerEndpoints(
  app: FastifyInstance,
  context: Context,
  endpoints: readonly Endpoint[],
  mount: string,
): void {
  for (const { route, handler } of endpoints) {
    const answer = handler as (call: Call) => Promise<Answer>
    app.route({
      method: route.method,
      url: mount + route.path,
      handler: async (request, reply) =>
        send(reply, route, await callEndpoint(context, route, answer, request)),
    })
  }
}

async function callEndpoint(
  context: Context,
  route: Route,
  handler: (call: Call) => Promise<Answer>,
  request: FastifyRequest,
): Promise<Answer> {
  try {
    const rawBody = (request.body as string | undefined) ?? ''
    const params = parsePart(route.params, request.params)
    if (params.error) {
      return params.error.issues.some((issue) => MALFORMED_UUID.test(JSON.stringify(issue)))
        ? refuse(404, 'Not Found')
        : invalidRequest(params.error, 'path', request.params, null)
    }
    const query = parsePart(route.query, request.query)
    if (query.error) return invalidRequest(query.error, 'query', request.query, null)
    const received = route.body && rawBody !== '' ? parseJsonBody(rawBody) : undefined
    const body = parsePart(route.body, received)
    if (body.error) return invalidRequest(body.error, 'body', received, received)
    return await handler({
      context,
      client: clientOf(request.headers['user-agent'], header(request, 'x-prefect-api-version')),
      now: context.clock.now(),
      params: params.data as undefined,
      query: query.data as undefined,
      body: body.data as undefined,
      headers: request.headers,
      rawBody,
    })
  } catch (error) {
    const answer = errorAnswer(error)
    if (answer) return answer
    context.logger.error({ err: error, method: request.method, url: request.url }, 'a request failed')
    return { status: 500, body: { exception_message: 'Internal Server Error' } }
  }
}

function parsePart(schema: ZodType | undefined, value: unknown) {
  return schema ? schema.safeParse(value) : { data: undefined, error: undefined }
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** Sends an answer; 204 has no body, nor has what says undefined; everything else is JSON unless the route says otherwise. */
export function send(reply: FastifyReply, route: Route | undefined, answer: Answer): FastifyReply {
  reply.code(answer.status)
  if (answer.headers) reply.headers(answer.headers)
  if (answer.status === 204 || answer.body === undefined) return reply.send()
  if (answer.raw) return reply.type(`${route?.produces ?? 'text/plain'}; charset=utf-8`).send(answer.body)
  return reply.type(JSON_TYPE).send(JSON.stringify(answer.body))
}
