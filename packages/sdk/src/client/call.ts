import type { Route } from '@reeve/schemas/route'
import type { PathParam } from './path.ts'

/** What may be sent: fields with defaults may be left out. */
type Wire<Schema> = Schema extends { _zod: { input: infer Input } } ? Input : undefined
/** What comes back: every field is there. */
type Reply<Schema> = Schema extends { _zod: { output: infer Output } } ? Output : undefined

type ParamsPart<R extends Route> =
  PathParam<R['path']> extends never
    ? { params?: undefined }
    : { params: R['params'] extends object ? Wire<R['params']> : { [Name in PathParam<R['path']>]: string } }

type QueryPart<R extends Route> = R['query'] extends object
  ? undefined extends Wire<R['query']>
    ? { query?: Wire<R['query']> }
    : Partial<Wire<R['query']>> extends Wire<R['query']>
      ? { query?: Wire<R['query']> }
      : { query: Wire<R['query']> }
  : { query?: undefined }

type BodyPart<R extends Route> = R['body'] extends object
  ? R['bodyOptional'] extends true
    ? { body?: Wire<R['body']> }
    : { body: Wire<R['body']> }
  : { body?: undefined }

/**
 * What a call of the route takes: `params` for its path, `query`, `body`, a signal that gives up, and for how long
 * the server may wait with its answer.
 */
export type CallInput<R extends Route> = ParamsPart<R> &
  QueryPart<R> &
  BodyPart<R> & { signal?: AbortSignal; wait?: { seconds: number; place: string } }

type Answer<Schema> = Schema extends null ? undefined : Reply<Schema>

/** What the route answers with when it succeeds. */
export type CallOutput<R extends Route> = R['produces'] extends `text/${string}`
  ? string
  : {
      [Status in keyof R['responses']]: Status extends Success ? Answer<R['responses'][Status]> : never
    }[keyof R['responses']]

type Success = 200 | 201 | 202 | 204

/** A route as a function; the input may be left out when nothing in it is required. */
export type Call<R extends Route> =
  {} extends CallInput<R>
    ? (input?: CallInput<R>) => Promise<CallOutput<R>>
    : (input: CallInput<R>) => Promise<CallOutput<R>>
