import type { State } from '@reeve/orchestration/types'
import type { JsonObject } from '@reeve/schemas/json'
import { MAX_RELATED_RESOURCES } from '@reeve/schemas/event'
import { formatTimestamp } from '@reeve/schemas/time'
import type { ModelContext } from '../context.ts'
import { inList } from '../database/in-list.ts'
import { listParameter, prepared } from '../database/prepared.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import type { EventRow, Labels } from './events.ts'
import { shortenedMessage } from './shortened-message.ts'

/** A state that a flow run has just entered. `run` is as it is now. */
export interface FlowRunChange {
  run: Row<'flow_run'>
  previous: State | null
  written: State
}

export interface Surroundings {
  id: string
  flow__id: string
  flow__name: string
  flow__tags: string[]
  deployment__id: string | null
  deployment__name: string
  deployment__tags: string[]
  work_queue__id: string | null
  work_queue__name: string
  work_pool__id: string | null
  work_pool__name: string
  work_pool__type: string
  task_run__id: string | null
  task_run__name: string
  task_run__tags: string[]
}

const loadSurroundings = prepared<Surroundings>((session) =>
  session.build
    .selectFrom('flow_run')
    .innerJoin('flow', 'flow.id', 'flow_run.flow_id')
    .leftJoin('deployment', 'deployment.id', 'flow_run.deployment_id')
    .leftJoin('work_queue', 'work_queue.id', 'flow_run.work_queue_id')
    .leftJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
    .leftJoin('task_run', 'task_run.id', 'flow_run.parent_task_run_id')
    .select([
      'flow_run.id',
      'flow.id as flow__id',
      'flow.name as flow__name',
      'flow.tags as flow__tags',
      'deployment.id as deployment__id',
      'deployment.name as deployment__name',
      'deployment.tags as deployment__tags',
      'work_queue.id as work_queue__id',
      'work_queue.name as work_queue__name',
      'work_pool.id as work_pool__id',
      'work_pool.name as work_pool__name',
      'work_pool.type as work_pool__type',
      'task_run.id as task_run__id',
      'task_run.name as task_run__name',
      'task_run.tags as task_run__tags',
    ])
    .where(inList(session, 'flow_run.id', []))
    .$castTo<Surroundings>(),
)

/** What is around the flow runs with these ids. */
export async function readSurroundings(
  session: Session,
  flowRunIds: readonly string[],
): Promise<Map<string, Surroundings>> {
  const rows = await loadSurroundings(session, [listParameter(session, flowRunIds)])
  return new Map(rows.map((row) => [row.id, row]))
}

/** The event that tells of a flow run's new state; its id is the state's. */
export function flowRunStateEvent(
  { run, previous, written }: FlowRunChange,
  surroundings: Surroundings | undefined,
  context: ModelContext,
): EventRow {
  const resourceId = `prefect.flow-run.${run.id}`
  return {
    id: written.id,
    occurred: written.timestamp,
    received: context.clock.now(),
    event: `prefect.flow-run.${written.name}`,
    resource_id: resourceId,
    resource: {
      'prefect.resource.id': resourceId,
      'prefect.resource.name': run.name,
      'prefect.run-count': String(run.run_count),
      'prefect.state-message': shortenedMessage(written.message),
      'prefect.state-name': written.name,
      'prefect.state-timestamp': formatTimestamp(written.timestamp).replace('Z', '+00:00'),
      'prefect.state-type': written.type,
    },
    related: relatedResources(run, surroundings),
    payload: {
      intended: { from: previous?.type ?? null, to: written.type },
      initial_state: statePayload(previous),
      validated_state: statePayload(written),
    },
    follows: previous && isTight(previous, written) ? previous.id : null,
  }
}

const TIGHT = 5 * 60 * 1_000_000

/** Events far apart in time need no link to be put in order. */
function isTight(previous: State, written: State): boolean {
  return Math.abs(written.timestamp - previous.timestamp) < TIGHT
}

function statePayload(state: State | null): JsonObject | null {
  if (!state) return null
  const { type, name, message, state_details } = state
  return {
    type,
    name,
    ...(message && { message: shortenedMessage(message) }),
    ...(type === 'PAUSED' && { pause_reschedule: String(state_details.pause_reschedule === true) }),
  }
}

function relatedResources(run: Row<'flow_run'>, surroundings: Surroundings | undefined): Labels[] {
  const named = surroundings ? namedResources(surroundings) : []
  const creators = creatorOf(run)
  const room = MAX_RELATED_RESOURCES - named.length - creators.length
  const tags = new Set(run.tags)
  for (const kind of ['flow', 'deployment', 'task_run'] as const) {
    for (const tag of surroundings?.[`${kind}__tags`] ?? []) tags.add(tag)
  }
  const tagged = [...tags].sort().map((tag) => resource(`prefect.tag.${tag}`, 'tag'))
  return [...named, ...tagged.slice(0, room), ...creators]
}

function namedResources(s: Surroundings): Labels[] {
  const named = [resource(`prefect.flow.${s.flow__id}`, 'flow', s.flow__name)]
  if (s.deployment__id)
    named.push(resource(`prefect.deployment.${s.deployment__id}`, 'deployment', s.deployment__name))
  if (s.work_queue__id)
    named.push(resource(`prefect.work-queue.${s.work_queue__id}`, 'work-queue', s.work_queue__name))
  if (s.work_pool__id) {
    const pool = resource(`prefect.work-pool.${s.work_pool__id}`, 'work-pool', s.work_pool__name)
    named.push({ ...pool, 'prefect.work-pool.type': s.work_pool__type })
  }
  if (s.task_run__id) named.push(resource(`prefect.task-run.${s.task_run__id}`, 'task-run', s.task_run__name))
  return named
}

const CREATORS: { [type: string]: string } = {
  DEPLOYMENT: 'prefect.deployment',
  AUTOMATION: 'prefect.automation',
}

function creatorOf({ created_by: creator }: Row<'flow_run'>): Labels[] {
  const kind = creator && CREATORS[String(creator['type'])]
  if (!kind) return []
  const name = creator['display_value']
  return [
    resource(`${kind}.${creator['id']}`, 'creator', typeof name === 'string' && name ? name : undefined),
  ]
}

function resource(id: string, role: string, name?: string): Labels {
  return {
    'prefect.resource.id': id,
    'prefect.resource.role': role,
    ...(name !== undefined && { 'prefect.resource.name': name }),
  }
}
