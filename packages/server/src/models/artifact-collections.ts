import type { ModelContext } from '../context.ts'
import { lockRows } from '../database/lock-rows.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import type { Labels } from './events.ts'
import { tellLifecycle } from './lifecycle-events.ts'
import type { LifecycleAction } from './lifecycle-events.ts'

type ArtifactRow = Row<'artifact'>
type CollectionRow = Row<'artifact_collection'>

/** What a collection shows of its latest artifact. */
const SHOWN = ['type', 'description', 'data', 'metadata_', 'flow_run_id', 'task_run_id'] as const

/** Makes those of the artifacts that have a key the latest of it, in their order. */
export async function collectArtifacts(
  session: Session,
  artifacts: readonly ArtifactRow[],
  context: ModelContext,
): Promise<void> {
  for (const artifact of artifacts) {
    const { key } = artifact
    if (key !== null) await collectArtifact(session, { ...artifact, key }, context)
  }
}

/** Makes an artifact the latest of its key. */
export async function collectArtifact(
  session: Session,
  artifact: ArtifactRow & { key: string },
  context: ModelContext,
): Promise<void> {
  const row: CollectionRow = { ...artifact, id: context.ids.random(), latest_id: artifact.id }
  const taken = [...SHOWN, 'latest_id', 'updated'] as const
  const collection = await session.first(
    session.build
      .insertInto('artifact_collection')
      .values(row)
      .onConflict((conflict) =>
        conflict
          .column('key')
          .doUpdateSet(({ ref }) => Object.fromEntries(taken.map((name) => [name, ref(`excluded.${name}`)]))),
      )
      .returningAll(),
  )
  if (!collection) throw new Error('An artifact found no collection')
  await tell(session, collection.id === row.id ? 'created' : 'updated', collection, context)
}

async function tell(
  session: Session,
  action: LifecycleAction,
  collection: CollectionRow,
  context: ModelContext,
): Promise<void> {
  const { id, key, type, data, description, latest_id, flow_run_id, task_run_id } = collection
  const related = [relation('artifact', latest_id, 'latest')]
  if (flow_run_id) related.push(relation('flow-run', flow_run_id, 'flow-run'))
  if (task_run_id) related.push(relation('task-run', task_run_id, 'task-run'))
  const payload = { key, type, data, description }
  const told = { kind: 'artifact-collection' as const, action, id, name: key, payload, related }
  await tellLifecycle(session, told, context)
}

function relation(kind: string, id: string, role: string): Labels {
  return { 'prefect.resource.id': `prefect.${kind}.${id}`, 'prefect.resource.role': role }
}

/** What is shown of a key follows its latest artifact; that is no new artifact, so nobody is told. */
export async function patchCollections(
  session: Session,
  artifactId: string,
  patch: Partial<ArtifactRow>,
): Promise<void> {
  await session.run(
    session.build.updateTable('artifact_collection').set(patch).where('latest_id', '=', artifactId),
  )
}

/** After an artifact is gone: the newest that is left of its key becomes the latest. */
export async function repointCollections(
  session: Session,
  artifactId: string,
  context: ModelContext,
): Promise<void> {
  const { build } = session
  const query = build.selectFrom('artifact_collection').selectAll().where('latest_id', '=', artifactId)
  for (const collection of await session.all(lockRows(session, query))) {
    const newest = await session.first(
      build
        .selectFrom('artifact')
        .selectAll()
        .where('key', '=', collection.key)
        .orderBy('created', 'desc')
        .orderBy('id', 'desc')
        .limit(1),
    )
    if (!newest) {
      await session.run(build.deleteFrom('artifact_collection').where('id', '=', collection.id))
      await tell(session, 'deleted', collection, context)
      continue
    }
    const shown = Object.fromEntries(SHOWN.map((name) => [name, newest[name]])) as Pick<
      ArtifactRow,
      (typeof SHOWN)[number]
    >
    const set = { ...shown, latest_id: newest.id, updated: context.clock.now() }
    await session.run(build.updateTable('artifact_collection').set(set).where('id', '=', collection.id))
    await tell(session, 'updated', { ...collection, ...set }, context)
  }
}
