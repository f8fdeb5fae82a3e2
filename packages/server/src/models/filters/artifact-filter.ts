import type { ArtifactCollectionFilter, ArtifactFilter } from '@reeve/schemas/filters/artifact-filter'
import { sql } from 'kysely'
import type { Session } from '../../database/session.ts'
import { column } from './column.ts'
import { every } from './condition.ts'
import type { Condition } from './condition.ts'
import { filter } from './filter.ts'
import type { Field } from './filter.ts'
import { flowRunMatches } from './run-filters.ts'
import type { RunFilters } from './run-filters.ts'
import { taskRunFilter } from './task-run-filter.ts'

export type ArtifactTable = 'artifact' | 'artifact_collection'

interface KeyCriterion {
  any_?: string[] | null | undefined
  like_?: string | null | undefined
  exists_?: boolean | null | undefined
}

function key(table: ArtifactTable): Field<KeyCriterion> {
  const plain = column(`${table}.key`)
  return (session, { exists_, ...others }, operator) =>
    plain(session, { ...others, is_null_: exists_ == null ? null : !exists_ }, operator)
}

const criteria = (table: ArtifactTable) => ({
  key: key(table),
  flow_run_id: column(`${table}.flow_run_id`),
  task_run_id: column(`${table}.task_run_id`),
  type: column(`${table}.type`),
})

const artifactFilter = filter<ArtifactFilter>({ id: column('artifact.id'), ...criteria('artifact') })

const collectionFilter = filter<ArtifactCollectionFilter>({
  latest_id: column('artifact_collection.latest_id'),
  ...criteria('artifact_collection'),
})

export interface ArtifactFilters<Own> extends RunFilters {
  own?: Own | undefined
}

/** Which rows of `artifact`, by their own fields and by the runs that made them. */
export function artifactMatches(session: Session, filters: ArtifactFilters<ArtifactFilter>): Condition {
  const own = filters.own ? [artifactFilter(session, filters.own)] : []
  return every([...own, ...runConditions(session, 'artifact', filters)])
}

/** Which rows of `artifact_collection`: the newest artifact of each key. */
export function collectionMatches(
  session: Session,
  filters: ArtifactFilters<ArtifactCollectionFilter>,
): Condition {
  const own = filters.own ? [collectionFilter(session, filters.own)] : []
  return every([...own, ...runConditions(session, 'artifact_collection', filters)])
}

function runConditions(
  session: Session,
  table: ArtifactTable,
  { taskRunFilter: task, flowRunFilter, flowFilter, deploymentFilter }: RunFilters,
): Condition[] {
  const conditions: Condition[] = []
  if (task) {
    const met = taskRunFilter(session, task)
    const id = sql.ref(`${table}.task_run_id`)
    conditions.push(sql`${id} in (select task_run.id from task_run where ${met})`)
  }
  if (flowRunFilter || flowFilter || deploymentFilter) {
    const met = flowRunMatches(session, { flowRunFilter, flowFilter, deploymentFilter })
    const id = sql.ref(`${table}.flow_run_id`)
    conditions.push(sql`${id} in (select flow_run.id from flow_run where ${met})`)
  }
  return conditions
}
