import { z } from 'zod'
import { JsonValue } from './scalars.ts'

/** One fault of a request: where it is (`loc` starts with body, query, path or header) and what it is. */
export const ValidationEntry = z
  .object({
    type: z.string(),
    loc: z.array(z.union([z.string(), z.int()])),
    msg: z.string(),
    input: JsonValue.nullable(),
    ctx: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'ValidationEntry' })
export interface ValidationEntry extends z.infer<typeof ValidationEntry> {}

/** The answer to a request that does not fit its schema. */
export const ValidationProblem = z
  .object({
    exception_message: z.literal('Invalid request received.'),
    exception_detail: z.array(ValidationEntry),
    request_body: JsonValue.nullable(),
  })
  .meta({ id: 'ValidationProblem' })
export interface ValidationProblem extends z.infer<typeof ValidationProblem> {}
