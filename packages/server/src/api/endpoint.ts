import type { Client } from '@reeve/orchestration/types'
import type { Route } from '@reeve/schemas/route'
import type { Timestamp } from '@reeve/schemas/time'
import type { IncomingHttpHeaders } from 'node:http'
import type { z, ZodType } from 'zod'
import type { Context } from '../context.ts'
import type { Answer } from './answer.ts'

type Parsed<S> = S extends ZodType ? z.output<S> : undefined

/** One request, parsed and checked by its route's schemas. */
export interface Call<R extends Route = Route> {
  readonly context: Context
  readonly client: Client
  /** The answer goes over a pipeline, where it says only what the caller cannot know. */
  readonly isTerse: boolean
  /** When the request was taken up. */
  readonly now: Timestamp
  readonly params: Parsed<R['params']>
  readonly query: Parsed<R['query']>
  readonly body: Parsed<R['body']>
  readonly headers: IncomingHttpHeaders
  /** The body as it came: for the few who must see its spelling. */
  readonly rawBody: string
  /** Calls the listener when the connection is lost on which the answer would go. */
  readonly onGone: (listener: () => void) => void
}

export interface Endpoint {
  route: Route
  handler: (call: never) => Promise<Answer>
}

/** Binds a route to what answers it. The handler parses nothing and decides nothing: it translates. */
export function endpoint<R extends Route>(route: R, handler: (call: Call<R>) => Promise<Answer>): Endpoint {
  return { route, handler }
}
