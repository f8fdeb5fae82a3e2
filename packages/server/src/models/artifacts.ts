import type { ArtifactCreate, ArtifactUpdate } from '@reeve/schemas/artifact'
import type { ArtifactCollectionFilter, ArtifactFilter } from '@reeve/schemas/filters/artifact-filter'
import type { ArtifactSort } from '@reeve/schemas/sorts'
import type { ModelContext } from '../context.ts'
import { insertRows } from '../database/bulk.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { collectArtifact, patchCollections, repointCollections } from './artifact-collections.ts'
import { countRows } from './count-rows.ts'
import { artifactMatches, collectionMatches } from './filters/artifact-filter.ts'
import type { ArtifactFilters, ArtifactTable } from './filters/artifact-filter.ts'
import { ascending, descending } from './run-order.ts'
import type { Order } from './run-order.ts'

export type ArtifactRow = Row<'artifact'>
export type CollectionRow = Row<'artifact_collection'>

const MAX_METADATA_LENGTH = 500

/** With a key, the new artifact becomes the latest of its collection. */
export async function createArtifact(
  session: Session,
  artifact: ArtifactCreate,
  context: ModelContext,
): Promise<ArtifactRow> {
  const now = context.clock.now()
  const metadata_ = artifact.metadata_ && shortened(artifact.metadata_)
  const row = { ...artifact, metadata_, id: context.ids.ordered(), created: now, updated: now }
  await insertRows(session, 'artifact', [row])
  if (row.key !== null) await collectArtifact(session, { ...row, key: row.key }, context)
  return row
}

function shortened(metadata: { [key: string]: string }): { [key: string]: string } {
  const short = (text: string) =>
    text.length > MAX_METADATA_LENGTH ? `${text.slice(0, MAX_METADATA_LENGTH)}...` : text
  return Object.fromEntries(Object.entries(metadata).map(([key, text]) => [key, short(text)]))
}

export async function readArtifact(session: Session, id: string): Promise<ArtifactRow | undefined> {
  return session.first(session.build.selectFrom('artifact').selectAll().where('id', '=', id))
}

/** The collection of a key, which shows its newest artifact. */
export async function readLatestArtifact(session: Session, key: string): Promise<CollectionRow | undefined> {
  return session.first(session.build.selectFrom('artifact_collection').selectAll().where('key', '=', key))
}

function orders(table: ArtifactTable): { [Sort in ArtifactSort]: Order } {
  const id = `${table}.id`
  return {
    CREATED_DESC: descending(`${table}.created`, id),
    UPDATED_DESC: descending(`${table}.updated`, id),
    ID_DESC: descending(id, id),
    KEY_DESC: descending(`${table}.key`, id),
    KEY_ASC: ascending(`${table}.key`, id),
  }
}

const ARTIFACT_ORDERS = orders('artifact')
const COLLECTION_ORDERS = orders('artifact_collection')

export interface Page {
  sort: ArtifactSort
  limit: number
  offset: number
}

export async function readArtifacts(
  session: Session,
  filters: ArtifactFilters<ArtifactFilter>,
  { sort, limit, offset }: Page,
): Promise<ArtifactRow[]> {
  return session.all(
    session.build
      .selectFrom('artifact')
      .selectAll()
      .where(artifactMatches(session, filters))
      .orderBy(ARTIFACT_ORDERS[sort])
      .limit(limit)
      .offset(offset),
  )
}

export async function readLatestArtifacts(
  session: Session,
  filters: ArtifactFilters<ArtifactCollectionFilter>,
  { sort, limit, offset }: Page,
): Promise<CollectionRow[]> {
  return session.all(
    session.build
      .selectFrom('artifact_collection')
      .selectAll()
      .where(collectionMatches(session, filters))
      .orderBy(COLLECTION_ORDERS[sort])
      .limit(limit)
      .offset(offset),
  )
}

export async function countArtifacts(
  session: Session,
  filters: ArtifactFilters<ArtifactFilter>,
): Promise<number> {
  return countRows(session, 'artifact', artifactMatches(session, filters))
}

export async function countLatestArtifacts(
  session: Session,
  filters: ArtifactFilters<ArtifactCollectionFilter>,
): Promise<number> {
  return countRows(session, 'artifact_collection', collectionMatches(session, filters))
}

/** Sets the fields that are present, in the collection too whose latest it is; false when it is gone. */
export async function updateArtifact(
  session: Session,
  id: string,
  { metadata_, ...fields }: ArtifactUpdate,
  context: ModelContext,
): Promise<boolean> {
  const patch = {
    ...fields,
    ...(metadata_ !== undefined && { metadata_: metadata_ && shortened(metadata_) }),
  }
  const set = { ...patch, updated: context.clock.now() } as Partial<ArtifactRow>
  const changes = await session.run(session.build.updateTable('artifact').set(set).where('id', '=', id))
  if (changes > 0) await patchCollections(session, id, set)
  return changes > 0
}

/** Its collection falls back to the newest that is left of the key, or ends. False when it is gone. */
export async function deleteArtifact(session: Session, id: string, context: ModelContext): Promise<boolean> {
  const changes = await session.run(session.build.deleteFrom('artifact').where('id', '=', id))
  if (changes > 0) await repointCollections(session, id, context)
  return changes > 0
}
