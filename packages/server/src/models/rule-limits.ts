import type { Limit } from '@reeve/orchestration/types'
import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import { limitsBy } from './concurrency-limits.ts'
import { countedAt, TAG_PREFIX } from './limit-counts.ts'

/** `lock`: the limits stay as they are read until the transaction ends, so that free slots stay free. */
interface Options {
  lock?: boolean
}

/** The limits of these tags in the order of the tags, with the slots that are taken at the moment. */
export async function readTagLimits(
  session: Session,
  tags: readonly string[],
  { lock = false }: Options,
  context: ModelContext,
): Promise<Limit[]> {
  const names = tags.map((tag) => TAG_PREFIX + tag)
  const rows = await limitsBy(session, 'name', names, lock)
  const now = context.clock.now()
  const byName = new Map(rows.map((row) => [row.name, countedAt(row, now, context.settings)]))
  return [...new Set(names)].flatMap((name) => byName.get(name) ?? [])
}

/** One limit with the slots that are taken at the moment. */
export async function readLimitById(
  session: Session,
  id: string,
  { lock = false }: Options,
  context: ModelContext,
): Promise<Limit | undefined> {
  const [row] = await limitsBy(session, 'id', [id], lock)
  return row && countedAt(row, context.clock.now(), context.settings)
}
