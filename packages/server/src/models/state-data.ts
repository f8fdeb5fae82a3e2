import type { Json, JsonObject } from '@reeve/schemas/json'
import type { State } from '@reeve/orchestration/types'
import type { ModelContext } from '../context.ts'
import type { Row } from '../database/tables.ts'
import type { StateOwner } from './states.ts'

/**
 * The artifact in which a written state's data is kept, or null when there is none to keep: no data, or an
 * object that says it is unpersisted. Keys that describe the artifact move out of the data.
 */
export function stateArtifact(
  state: State,
  owner: StateOwner,
  context: ModelContext,
): Row<'artifact'> | null {
  const { data } = state
  if (data === null || isUnpersisted(data)) return null
  const now = context.clock.now()
  const { key, type, description, rest } = described(data)
  return {
    id: context.ids.ordered(),
    created: now,
    updated: now,
    key,
    type,
    description,
    data: rest,
    metadata_: null,
    flow_run_id: owner.flow_run_id,
    task_run_id: owner.task_run_id,
  }
}

/** The data as later reads will show it, apart from unpersisted data, which only the proposer sees again. */
export function shownData(data: Json): Json {
  return described(data).rest
}

function isUnpersisted(data: Json): boolean {
  return isObject(data) && data['type'] === 'unpersisted'
}

function isObject(data: Json): data is JsonObject {
  return typeof data === 'object' && data !== null && !Array.isArray(data)
}

function described(data: Json) {
  if (!isObject(data)) return { key: null, type: null, description: null, rest: data }
  const { artifact_key, artifact_type, artifact_description, ...rest } = data
  return { key: text(artifact_key), type: text(artifact_type), description: text(artifact_description), rest }
}

function text(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null
}
