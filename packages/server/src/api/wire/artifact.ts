import { formatTimestamp } from '@reeve/schemas/time'
import type { ArtifactRow, CollectionRow } from '../../models/artifacts.ts'

export function wireArtifact(artifact: ArtifactRow) {
  return {
    id: artifact.id,
    created: formatTimestamp(artifact.created),
    updated: formatTimestamp(artifact.updated),
    key: artifact.key,
    type: artifact.type,
    description: artifact.description,
    data: artifact.data,
    metadata_: artifact.metadata_,
    flow_run_id: artifact.flow_run_id,
    task_run_id: artifact.task_run_id,
  }
}

export function wireArtifactCollection(collection: CollectionRow) {
  return { ...wireArtifact(collection), latest_id: collection.latest_id }
}
