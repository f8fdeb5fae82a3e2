import type { Route } from '@reeve/schemas/route'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import type { Answer } from './answer.ts'
import { clientOf } from './client.ts'
import { callEndpoint } from './call-endpoint.ts'
import type { Received } from './call-endpoint.ts'
import type { Endpoint } from './endpoint.ts'
import { parseJsonBody } from '../json-body.ts'

const JSON_TYPE = 'application/json'

/** Puts each endpoint at its route under the mount (`/api`). The only file that knows both. */
export function registerEndpoints(
  app: FastifyInstance,
  context: Context,
  endpoints: readonly Endpoint[],
  mount: string,
): void {
  for (const endpoint of endpoints) {
    const { route } = endpoint
    app.route({
      method: route.method,
      url: mount + route.path,
      handler: async (request, reply) =>
        send(reply, route, await callEndpoint(context, endpoint, received(request, reply))),
    })
  }
}

function received(request: FastifyRequest, { raw }: FastifyReply): Received {
  const rawBody = (request.body as string | undefined) ?? ''
  const { params, query, headers } = request
  return {
    params,
    query,
    body: () => (rawBody === '' ? undefined : parseJsonBody(rawBody)),
    rawBody,
    headers,
    client: clientOf(headers['user-agent'], headers['x-prefect-api-version']?.toString()),
    isTerse: false,
    onGone: (listener) => raw.once('close', listener),
  }
}

/** Sends an answer; 204 has no body, nor has what says undefined; everything else is JSON unless the route says otherwise. */
export function send(reply: FastifyReply, route: Route | undefined, answer: Answer): FastifyReply {
  reply.code(answer.status)
  if (answer.headers) reply.headers(answer.headers)
  if (answer.status === 204 || answer.body === undefined) return reply.send()
  if (answer.raw) return reply.type(`${route?.produces ?? 'text/plain'}; charset=utf-8`).send(answer.body)
  return reply.type(JSON_TYPE).send(JSON.stringify(answer.body))
}
