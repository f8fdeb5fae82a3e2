import type { Route } from '@reeve/schemas/route'
import type { Call, CallInput, CallOutput } from './call.ts'
import { buildPath } from './path.ts'
import { type Sender, Transport, type TransportOptions } from './transport.ts'

/** Route objects by any key, such as the exports of a route module. */
export interface RouteTable {
  readonly [key: string]: unknown
}

type RoutesIn<Table> = Extract<Table[keyof Table], Route>

/** One method for each route, named by the route's id. */
export type ClientMethods<Table> = {
  readonly [R in RoutesIn<Table> as R['id']]: Call<R>
}

export interface ClientBase {
  /** Base of the REST API, without a slash at the end. */
  readonly url: string
  /** Calls any route, also one which the client has no method for. */
  call<R extends Route>(
    route: R,
    ...input: {} extends CallInput<R> ? [CallInput<R>?] : [CallInput<R>]
  ): Promise<CallOutput<R>>
}

export type Client<Table> = ClientBase & ClientMethods<Table>

/**
 * Makes a typed client from route data.
 * @example
 * const client = createClient(flowRunRoutes, { url: 'http://127.0.0.1:4200/api' })
 * const run = await client.readFlowRun({ params: { id } })
 */
export function createClient<const Table extends RouteTable>(
  table: Table,
  options: TransportOptions | Sender,
): Client<Table> {
  const transport = 'send' in options ? options : new Transport(options)
  const client: Record<string, unknown> = {
    url: transport.url,
    call: (route: Route, input?: AnyInput) => send(transport, route, input),
  }
  for (const route of Object.values(table)) {
    if (isRoute(route)) client[route.id] = (input?: AnyInput) => send(transport, route, input)
  }
  return client as Client<Table>
}

interface AnyInput {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  signal?: AbortSignal
  wait?: { seconds: number; place: string }
}

function send(transport: Sender, route: Route, input: AnyInput = {}): Promise<unknown> {
  return transport.send({
    method: route.method,
    call: route.id,
    ...(input.params && { params: input.params }),
    path: buildPath(route.path, input.params, input.query),
    body: input.body,
    text: route.produces?.startsWith('text/') ?? false,
    ...(input.signal && { signal: input.signal }),
    ...(input.wait && { wait: input.wait }),
  })
}

function isRoute(value: unknown): value is Route {
  return (
    typeof value === 'object' &&
    value !== null &&
    'method' in value &&
    'path' in value &&
    'responses' in value
  )
}
