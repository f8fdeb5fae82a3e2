import { resetConcurrencyLimitByTag as route } from '@reeve/schemas/routes/concurrency-limits'
import { resetTagLimit } from '../../models/tag-limits.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { tagLimitNotFound } from './not-found.ts'

export const resetConcurrencyLimitByTag = endpoint(route, async ({ context, params, body }) => {
  const found = await context.database.write((session) =>
    resetTagLimit(session, params, body?.slot_override ?? [], context),
  )
  return found ? ok(null) : tagLimitNotFound()
})
