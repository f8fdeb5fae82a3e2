import {
  readConcurrencyLimit as route,
  readConcurrencyLimitByTag as byTagRoute,
} from '@reeve/schemas/routes/concurrency-limits'
import type { Context } from '../../context.ts'
import { readTagLimit } from '../../models/tag-limits.ts'
import type { TagLimitKey } from '../../models/tag-limits.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireTagLimit } from '../wire/concurrency-limit.ts'
import { tagLimitNotFound } from './not-found.ts'

export const readConcurrencyLimit = endpoint(route, ({ context, params }) => read(context, params))
export const readConcurrencyLimitByTag = endpoint(byTagRoute, ({ context, params }) => read(context, params))

async function read(context: Context, key: TagLimitKey) {
  const limit = await context.database.read((session) => readTagLimit(session, key))
  return limit ? ok(wireTagLimit(limit)) : tagLimitNotFound()
}
