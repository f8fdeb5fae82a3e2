import { z } from 'zod'
import { ValidationProblem } from '@reeve/schemas/problems'
import type { FuzzRequest } from './requests.ts'

export interface FuzzAnswer {
  status: number
  type: string
  text: string
}

const Refusal = z.union([
  z.strictObject({ detail: z.string() }),
  z.strictObject({ exception_message: z.string() }),
  ValidationProblem,
])

/** What the contract does not allow an answer to be; undefined when it is as it should be. */
export function answerFault(
  { route, method }: FuzzRequest,
  { status, type, text }: FuzzAnswer,
): string | undefined {
  if (status >= 500) return `answered ${status}`
  if (method === 'HEAD' || status === 204) return text === '' ? undefined : `a body with ${status}`
  if (status === 307) return undefined
  if (route.responses[status] === null && text === '') return undefined
  if (status >= 400) return explain(Refusal, parse(text), 'refusal')
  const schema = method === route.method ? route.responses[status] : undefined
  if (!schema || !type.includes('json')) return undefined
  return explain(schema, parse(text), `${status} answer`)
}

function explain(schema: z.ZodType, body: unknown, what: string): string | undefined {
  const { error } = schema.safeParse(body)
  return error && `a ${what} that the route does not know: ${z.prettifyError(error).slice(0, 500)}`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
