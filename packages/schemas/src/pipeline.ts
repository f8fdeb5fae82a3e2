import { z } from 'zod'

/**
 * The pipeline: a websocket which takes calls of REST routes, many at a time, and answers each by its number
 * when what it did is durable. A frame is a call or answer, or a list of them. Answers come in any order.
 */
export const PIPELINE_PATH = '/pipeline'

/** The header in which a server says, with its version, that it has a pipeline; others lack it. */
export const PIPELINE_HEADER = 'x-reeve-pipeline'
export const PIPELINE_VERSION = '1'

/** One call: the route by its id, and what would be in the request's path, query and body. */
export const PipelineCall = z
  .strictObject({
    /** Chosen by the client; unique among the calls that it has in flight. */
    n: z.int().nonnegative(),
    call: z.string().max(100),
    params: z.record(z.string(), z.unknown()).optional(),
    body: z.unknown(),
  })
  .meta({ id: 'PipelineCall' })
export interface PipelineCall extends z.infer<typeof PipelineCall> {}

/** The answer to the call of that number, as REST gives it; null answers a frame that holds no call. */
export const PipelineAnswer = z
  .object({
    n: z.int().nonnegative().nullable(),
    status: z.int(),
    body: z.unknown(),
    /** Seconds after which the same call may be taken; with status 503. */
    retry_after: z.number().optional(),
  })
  .meta({ id: 'PipelineAnswer' })
export interface PipelineAnswer extends z.infer<typeof PipelineAnswer> {}
