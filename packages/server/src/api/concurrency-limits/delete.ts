import {
  deleteConcurrencyLimit as route,
  deleteConcurrencyLimitByTag as byTagRoute,
} from '@reeve/schemas/routes/concurrency-limits'
import type { Context } from '../../context.ts'
import { deleteTagLimit } from '../../models/tag-limits.ts'
import type { TagLimitKey } from '../../models/tag-limits.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { tagLimitNotFound } from './not-found.ts'

export const deleteConcurrencyLimit = endpoint(route, ({ context, params }) => remove(context, params))
export const deleteConcurrencyLimitByTag = endpoint(byTagRoute, ({ context, params }) =>
  remove(context, params),
)

async function remove(context: Context, key: TagLimitKey) {
  const found = await context.database.write((session) => deleteTagLimit(session, key, context))
  return found ? ok(null) : tagLimitNotFound()
}
