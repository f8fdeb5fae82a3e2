import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import { deleteConfiguration, readConfiguration, writeConfiguration } from './configuration.ts'

const KEY = 'default_result_storage_block_id'
/** What a block must be able to do to hold results. */
const CAPABILITY = 'write-path'

/** The block that results go to when a flow names none; null when none was chosen. */
export async function readDefaultStorage(session: Session): Promise<string | null> {
  const id = await readConfiguration(session, KEY)
  return typeof id === 'string' ? id : null
}

export async function chooseDefaultStorage(
  session: Session,
  blockDocumentId: string,
  context: ModelContext,
): Promise<'chosen' | 'unknown block' | 'cannot be written'> {
  const block = await session.first(
    session.build
      .selectFrom('block_document')
      .innerJoin('block_schema', 'block_schema.id', 'block_document.block_schema_id')
      .select('block_schema.capabilities')
      .where('block_document.id', '=', blockDocumentId),
  )
  if (!block) return 'unknown block'
  if (!block.capabilities.includes(CAPABILITY)) return 'cannot be written'
  await writeConfiguration(session, KEY, blockDocumentId, context)
  return 'chosen'
}

export async function clearDefaultStorage(session: Session): Promise<void> {
  await deleteConfiguration(session, KEY)
}

/** Takes the choice back when its block is no more. */
export async function dropLostDefaultStorage(session: Session): Promise<void> {
  const id = await readDefaultStorage(session)
  if (id === null) return
  const query = session.build.selectFrom('block_document').select('id').where('id', '=', id)
  if (!(await session.first(query))) await clearDefaultStorage(session)
}
