import type { Json } from '@reeve/schemas/json'
import type { ModelContext } from '../context.ts'
import { insertRows } from '../database/bulk.ts'
import type { Session } from '../database/session.ts'

/** Under this the key lies that seals blocks, on servers that have no better place for it. */
export const SEALING_KEY = 'sealing_key'

/** A value that the server keeps for itself; undefined when it was never set. */
export async function readConfiguration(session: Session, key: string): Promise<Json | undefined> {
  const query = session.build.selectFrom('configuration').select('value').where('key', '=', key)
  return (await session.first(query))?.value
}

export async function writeConfiguration(
  session: Session,
  key: string,
  value: Json,
  context: Pick<ModelContext, 'clock' | 'ids'>,
): Promise<void> {
  await session.run(
    session.build
      .insertInto('configuration')
      .values(configurationRow(key, value, context))
      .onConflict((conflict) =>
        conflict
          .column('key')
          .doUpdateSet(({ ref }) => ({ value: ref('excluded.value'), updated: ref('excluded.updated') })),
      ),
  )
}

/** Sets a value unless there is one already, perhaps from another replica; returns the one that holds. */
export async function claimConfiguration(
  session: Session,
  key: string,
  value: Json,
  context: Pick<ModelContext, 'clock' | 'ids'>,
): Promise<Json> {
  await insertRows(session, 'configuration', [configurationRow(key, value, context)], 'ignore')
  return (await readConfiguration(session, key)) ?? value
}

export async function deleteConfiguration(session: Session, key: string): Promise<void> {
  await session.run(session.build.deleteFrom('configuration').where('key', '=', key))
}

function configurationRow(key: string, value: Json, { clock, ids }: Pick<ModelContext, 'clock' | 'ids'>) {
  const now = clock.now()
  return { id: ids.random(), created: now, updated: now, key, value }
}
