import type { SavedSearchCreate } from '@reeve/schemas/saved-search'
import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'

export type SavedSearchRow = Row<'saved_search'>

/** Keeps a search; one of this name has its filters replaced. */
export async function createSavedSearch(
  session: Session,
  { name, filters }: SavedSearchCreate,
  context: ModelContext,
): Promise<{ search: SavedSearchRow; created: boolean }> {
  const now = context.clock.now()
  const row: SavedSearchRow = { id: context.ids.random(), created: now, updated: now, name, filters }
  const search = await session.first(
    session.build
      .insertInto('saved_search')
      .values(row)
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet(({ ref }) => ({
          filters: ref('excluded.filters'),
          updated: ref('excluded.updated'),
        })),
      )
      .returningAll(),
  )
  if (!search) throw new Error('An upsert returned nothing')
  return { search, created: search.id === row.id }
}

export async function readSavedSearch(session: Session, id: string): Promise<SavedSearchRow | undefined> {
  return session.first(session.build.selectFrom('saved_search').selectAll().where('id', '=', id))
}

/** Kept searches by name. */
export async function readSavedSearches(
  session: Session,
  { limit, offset = 0 }: { limit: number; offset?: number },
): Promise<SavedSearchRow[]> {
  return session.all(
    session.build.selectFrom('saved_search').selectAll().orderBy('name').limit(limit).offset(offset),
  )
}

/** Whether there was such a search. */
export async function deleteSavedSearch(session: Session, id: string): Promise<boolean> {
  return (await session.run(session.build.deleteFrom('saved_search').where('id', '=', id))) > 0
}
