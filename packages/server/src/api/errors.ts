import { validationEntries } from '@reeve/schemas/issues'
import type { ZodError } from 'zod'
import { DatabaseError } from '../database/errors.ts'
import { exception, refuse } from './answer.ts'
import type { Answer } from './answer.ts'
import { MalformedJson } from '../json-body.ts'

const CONFLICT =
  'Data integrity conflict. This usually means a unique or foreign key constraint was violated. See server logs for details.'

const TOO_LONG =
  'The query took too long and was given up. Ask for less: a narrower filter, a shorter time, a smaller offset.'

const DATABASE_ANSWERS: { [code in DatabaseError['code']]: Answer } = {
  integrity: refuse(409, CONFLICT),
  range: refuse(422, 'A value is outside the range that the database holds.'),
  unavailable: { ...exception(503, 'Service Unavailable'), headers: { 'retry-after': '1' } },
  full: { ...exception(503, 'The disk that holds the database is full'), headers: { 'retry-after': '1' } },
  // Not a 503: clients would ask again at once, and again for nothing.
  timeout: refuse(400, TOO_LONG),
  overloaded: { ...exception(503, 'Service Unavailable'), headers: { 'retry-after': '1' } },
}

/** What a thrown error is to the caller. Undefined: a bug, which answers 500 and is logged. */
export function errorAnswer(error: unknown): Answer | undefined {
  if (error instanceof DatabaseError) return DATABASE_ANSWERS[error.code]
  if (error instanceof MalformedJson) {
    return invalid(
      [{ type: 'json_invalid', loc: ['body', error.position], msg: error.message, input: {} }],
      null,
    )
  }
  const status = (error as { statusCode?: number }).statusCode
  return status !== undefined && status >= 400 && status < 500
    ? refuse(status, (error as Error).message)
    : undefined
}

/** The contract's 422 for a request that its schemas refuse. */
export function invalidRequest(
  error: ZodError,
  part: 'body' | 'query' | 'path' | 'header',
  input: unknown,
  body: unknown,
): Answer {
  return invalid(validationEntries(error, part, input), body ?? null)
}

function invalid(entries: unknown[], body: unknown): Answer {
  return {
    status: 422,
    body: {
      exception_message: 'Invalid request received.',
      exception_detail: entries,
      request_body: body,
    },
  }
}

/** A 422 in the contract's long form for a check that no schema makes. */
export function invalidValue(loc: (string | number)[], message: string, body: unknown): Answer {
  const [, ...path] = loc
  const input = path.reduce<unknown>((value, key) => (value as { [key: string]: unknown })[key], body) ?? null
  return invalid([{ type: 'value_error', loc, msg: `Value error, ${message}`, input }], body)
}
