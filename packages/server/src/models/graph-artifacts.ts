import { sql } from 'kysely'
import type { Json } from '@reeve/schemas/json'
import type { Timestamp } from '@reeve/schemas/time'
import type { Session } from '../database/session.ts'

const MOST_ARTIFACTS = 10_000

export interface GraphArtifact {
  id: string
  created: Timestamp
  key: string | null
  type: string | null
  is_latest: boolean
  /** Only that of a progress bar. */
  data: Json
}

/** The artifacts of a flow run that are not results, oldest first, apart for the run and for each task run. */
export async function readGraphArtifacts(
  session: Session,
  flowRunId: string,
): Promise<{ ofRun: GraphArtifact[]; ofTaskRuns: Map<string, GraphArtifact[]> }> {
  const rows = await session.all(
    session.build
      .selectFrom('artifact')
      .leftJoin('artifact_collection as latest', 'latest.latest_id', 'artifact.id')
      .select(['artifact.id', 'artifact.created', 'artifact.key', 'artifact.type', 'artifact.task_run_id'])
      .select([
        sql<Json>`case when artifact.type = 'progress' then artifact.data end`.as('data'),
        sql<boolean | number>`artifact.key is null or latest.id is not null`.as('is_latest'),
      ])
      .where('artifact.flow_run_id', '=', flowRunId)
      .where('artifact.type', '!=', sql.lit('result'))
      .orderBy('artifact.created')
      .orderBy('artifact.id')
      .limit(MOST_ARTIFACTS),
  )
  const ofRun: GraphArtifact[] = []
  const ofTaskRuns = new Map<string, GraphArtifact[]>()
  for (const { task_run_id, is_latest, ...artifact } of rows) {
    const shown = { ...artifact, is_latest: Boolean(is_latest) }
    const list = task_run_id === null ? ofRun : ofTaskRuns.get(task_run_id)
    if (list) list.push(shown)
    else if (task_run_id !== null) ofTaskRuns.set(task_run_id, [shown])
  }
  return { ofRun, ofTaskRuns }
}
