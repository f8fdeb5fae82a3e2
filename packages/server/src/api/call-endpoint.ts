import type { IncomingHttpHeaders } from 'node:http'
import type { Client } from '@reeve/orchestration/types'
import type { Route } from '@reeve/schemas/route'
import type { ZodType } from 'zod'
import type { Context } from '../context.ts'
import type { Answer } from './answer.ts'
import { refuse } from './answer.ts'
import type { Call, Endpoint } from './endpoint.ts'
import { errorAnswer, invalidRequest } from './errors.ts'

/** A call of a route, not checked yet, however it came. */
export interface Received {
  params: unknown
  query: unknown
  /** Read only by routes that take one; may throw. */
  body: () => unknown
  rawBody: string
  headers: IncomingHttpHeaders
  client: Client
  isTerse: boolean
  onGone: (listener: () => void) => void
}

const MALFORMED_UUID = /uuid/
const SHAPED_IN_PREFECT_2 = /^\/(variables|block_documents)\/|\/graph-v2$/

/** Whether an id that is none is a path that does not exist; to most of Prefect 2 it is a wrong value. */
function routesByShape({ path }: Route, { generation }: Client): boolean {
  return generation !== '2.20' || SHAPED_IN_PREFECT_2.test(path)
}

/** Checks the call by its route's schemas and lets the endpoint answer it. Never throws. */
export async function callEndpoint(
  context: Context,
  { route, handler }: Endpoint,
  received: Received,
): Promise<Answer> {
  try {
    const params = parsePart(route.params, received.params)
    if (params.error) {
      const malformed = params.error.issues.some((issue) => MALFORMED_UUID.test(JSON.stringify(issue)))
      return malformed && routesByShape(route, received.client)
        ? refuse(404, 'Not Found')
        : invalidRequest(params.error, 'path', received.params, null)
    }
    const query = parsePart(route.query, received.query)
    if (query.error) return invalidRequest(query.error, 'query', received.query, null)
    const given = route.body && received.body()
    const body = parsePart(route.body, given)
    if (body.error) return invalidRequest(body.error, 'body', given, given)
    const answer = handler as (call: Call) => Promise<Answer>
    return await answer({
      context,
      client: received.client,
      isTerse: received.isTerse,
      now: context.clock.now(),
      params: params.data as undefined,
      query: query.data as undefined,
      body: body.data as undefined,
      headers: received.headers,
      rawBody: received.rawBody,
      onGone: received.onGone,
    })
  } catch (error) {
    const answer = errorAnswer(error)
    if (answer) return answer
    context.logger.error({ err: error, route: route.id }, 'a request failed')
    return { status: 500, body: { exception_message: 'Internal Server Error' } }
  }
}

function parsePart(schema: ZodType | undefined, value: unknown) {
  return schema ? schema.safeParse(value) : { data: undefined, error: undefined }
}
