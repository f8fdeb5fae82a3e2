/**
 * The pipeline: a websocket which takes calls of REST routes, many at a time, and answers each by its number
 * when what it did is durable. A frame is a call or answer, or a list of them. Answers come in any order.
 * Without zod, so that a client which only sends calls need not load it.
 */
export const PIPELINE_PATH = '/pipeline'

/** The header in which a server says, with its version, that it has a pipeline; others lack it. */
export const PIPELINE_HEADER = 'x-reeve-pipeline'
export const PIPELINE_VERSION = '2'

/**
 * The routes, by id, that a pipeline takes: what running flows takes, which may all be sent twice, since they carry
 * keys of their own or only add a line to the log. Anything else has no hurry, and goes by REST.
 */
export const PIPELINED: ReadonlySet<string> = new Set([
  'createFlow',
  'createFlowRun',
  'startFlowRun',
  'readFlowRun',
  'setFlowRunState',
  'createTaskRun',
  'startTaskRun',
  'setTaskRunState',
  'createLogs',
])

/** A start may say that its function began so long ago: one that held its process up for longer was told of before. */
export const OLDEST_START_SECONDS = 3600
/** So many starts of task runs may go along with that of their flow run. */
export const MOST_STARTS_ALONG = 50

/** One call: the route by its id, and what would be in the request's path and body. */
export interface PipelineCall {
  /** A whole number, chosen by the client; unique among the calls that it has in flight. */
  n: number
  call: string
  params?: { [name: string]: unknown }
  body?: unknown
}

/** The answer to the call of that number, as REST gives it or terse; null answers a frame that holds no call. */
export interface PipelineAnswer {
  n: number | null
  status: number
  body: unknown
  /** Seconds after which the same call may be taken; with status 503. */
  retry_after?: number
}
