import { createConcurrencyLimit as route } from '@reeve/schemas/routes/concurrency-limits'
import { putTagLimit } from '../../models/tag-limits.ts'
import { endpoint } from '../endpoint.ts'
import { invalidValue } from '../errors.ts'
import { wireTagLimit } from '../wire/concurrency-limit.ts'

export const createConcurrencyLimit = endpoint(route, async ({ context, body }) => {
  if (body.concurrency_limit < 0) {
    return invalidValue(['body', 'concurrency_limit'], 'a limit cannot be less than 0', body)
  }
  const { limit, created } = await context.database.write((session) => putTagLimit(session, body, context))
  return { status: created ? 201 : 200, body: wireTagLimit(limit) }
})
