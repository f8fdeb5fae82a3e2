import { sql } from 'kysely'
import type { ModelContext } from '../context.ts'
import { updateRows } from '../database/bulk.ts'
import { lockRows } from '../database/lock-rows.ts'
import type { Session } from '../database/session.ts'

const keyId = sql<string>`substr(block_document.sealed, 1, 8)`

/** The ids of keys that blocks are sealed with and that the sealer does not have. */
export async function missingKeys(session: Session, { sealer }: ModelContext): Promise<string[]> {
  const rows = await session.all(
    session.build.selectFrom('block_document').select(keyId.as('key_id')).distinct(),
  )
  return rows.map((row) => row.key_id).filter((id) => !sealer.knows(id))
}

/** Seals up to `limit` blocks anew that another key than the current one sealed; returns how many. */
export async function resealBlocks(
  session: Session,
  limit: number,
  { sealer }: ModelContext,
): Promise<number> {
  const query = session.build
    .selectFrom('block_document')
    .select(['id', 'sealed'])
    .where(keyId, '!=', sealer.currentKeyId)
    .limit(limit)
  const rows = await session.all(lockRows(session, query, { skipLocked: true }))
  const resealed = rows.map(({ id, sealed }) => ({ id, sealed: sealer.seal(sealer.open(sealed, id), id) }))
  await updateRows(session, 'block_document', ['sealed'], resealed)
  return rows.length
}
