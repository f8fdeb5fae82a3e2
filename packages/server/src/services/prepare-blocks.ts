import type { Context } from '../context.ts'
import { missingKeys, resealBlocks } from '../models/resealing.ts'
import { installSystemBlockTypes } from '../models/system-block-types.ts'

const BLOCKS_A_WRITE = 100

/**
 * Before the server listens: the blocks must be readable with the keys at hand, those which an older key
 * sealed are sealed with the current one, and the server's own block types are registered.
 */
export async function prepareBlocks(context: Context): Promise<void> {
  const missing = await context.database.read((session) => missingKeys(session, context))
  if (missing.length > 0) {
    throw new Error(
      `Blocks are sealed with the key ${missing.join(', ')}, which is not at hand: set the encryption key that they were stored with, or put the key file back beside the database.`,
    )
  }
  await resealAll(context)
  await context.database.write((session) => installSystemBlockTypes(session, context))
}

/** Seals every block with the current key; returns how many another key had sealed. */
export async function resealAll(context: Context): Promise<number> {
  let total = 0
  for (;;) {
    const { database } = context
    const resealed = await database.write((session) => resealBlocks(session, BLOCKS_A_WRITE, context))
    total += resealed
    if (resealed === 0) return total
  }
}
