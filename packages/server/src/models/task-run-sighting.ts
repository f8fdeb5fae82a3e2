import type { State } from '@reeve/orchestration/types'
import { readDuration, readInt, readTimestamp, readUuid } from '@reeve/schemas/lax'
import type { JsonObject } from '@reeve/schemas/json'
import { TaskRunPolicy } from '@reeve/schemas/policies'
import { Refusal } from '@reeve/schemas/scalar'
import { StateDetails } from '@reeve/schemas/state'
import { STATE_TYPES, defaultStateName } from '@reeve/schemas/state-type'
import type { StateType } from '@reeve/schemas/state-type'
import { formatTimestamp } from '@reeve/schemas/time'
import type { Row } from '../database/tables.ts'
import { compactPolicy } from './policies.ts'

type TaskRunColumns = Partial<Row<'task_run'>> & Pick<Row<'task_run'>, 'task_key' | 'dynamic_key'>

/** What one event tells of a task run which its client orchestrates. */
export interface Sighting {
  event: Row<'event'>
  task_run_id: string
  flow_run_id: string | null
  /** Only what the event names. */
  columns: TaskRunColumns
  state: State
}

const PREFIX = 'prefect.task-run'
const TASK_RUN = 'prefect.task-run.'
const FLOW_RUN = 'prefect.flow-run.'
const TYPES: ReadonlySet<unknown> = new Set(STATE_TYPES)

/** Whether the event is a state of a task run of which the server keeps the record but not the rules. */
export function tellsOfTaskRun(event: Row<'event'>): boolean {
  return event.event.startsWith(PREFIX) && event.resource['prefect.orchestration'] === 'client'
}

type Reader = (value: unknown) => unknown

const refused = (what: string) => new Refusal('value_error', what)
const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const text: Reader = (value) => (typeof value === 'string' ? value : refused('not a text'))
const texts: Reader = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : refused('not texts')
const object: Reader = (value) => (isObject(value) ? value : refused('not an object'))
const orNull =
  (read: Reader): Reader =>
  (value) =>
    value === null ? null : read(value)

function policy(value: unknown): unknown {
  const parsed = TaskRunPolicy.safeParse(value)
  return parsed.success ? compactPolicy(parsed.data) : refused('not a retry policy')
}

const READERS: { readonly [column in keyof Row<'task_run'>]?: Reader } = {
  name: text,
  task_key: text,
  dynamic_key: text,
  cache_key: orNull(text),
  cache_expiration: orNull(readTimestamp),
  task_version: orNull(text),
  empirical_policy: policy,
  tags: texts,
  labels: object,
  task_inputs: object,
  run_count: readInt,
  flow_run_run_count: readInt,
  expected_start_time: orNull(readTimestamp),
  next_scheduled_start_time: orNull(readTimestamp),
  start_time: orNull(readTimestamp),
  end_time: orNull(readTimestamp),
  total_run_time: readDuration,
}

/** Reads what the event tells; a Refusal says what is wrong with it. */
export function readSighting(event: Row<'event'>): Sighting | Refusal {
  const { task_run: taskRun, validated_state: validated } = event.payload
  if (!isObject(taskRun)) return refused('payload.task_run is missing')
  if (!isObject(validated)) return refused('payload.validated_state is missing')
  const taskRunId = runId(event.resource['prefect.resource.id'], TASK_RUN)
  if (taskRunId instanceof Refusal) return taskRunId
  const flowRunId = flowRunOf(event)
  if (flowRunId instanceof Refusal) return flowRunId
  const columns = readColumns(taskRun)
  if (columns instanceof Refusal) return columns
  const state = readState(event, validated, taskRunId, flowRunId)
  if (state instanceof Refusal) return state
  return { event, task_run_id: taskRunId, flow_run_id: flowRunId, columns, state }
}

function runId(resourceId: unknown, prefix: string): string | Refusal {
  if (typeof resourceId !== 'string' || !resourceId.startsWith(prefix))
    return refused(`the resource is not ${prefix}<id>`)
  return readUuid(resourceId.slice(prefix.length))
}

function flowRunOf(event: Row<'event'>): string | null | Refusal {
  const related = event.related as { [label: string]: string }[]
  const flowRun = related.find((resource) => resource['prefect.resource.role'] === 'flow-run')
  return flowRun ? runId(flowRun['prefect.resource.id'], FLOW_RUN) : null
}

function readColumns(taskRun: JsonObject): TaskRunColumns | Refusal {
  const columns: { [column: string]: unknown } = {}
  for (const name in taskRun) {
    const read = READERS[name as keyof typeof READERS]
    if (!read) continue
    const value = read(taskRun[name])
    if (value instanceof Refusal) return refused(`payload.task_run.${name}: ${value.msg}`)
    columns[name] = value
  }
  if (columns['task_key'] === undefined || columns['dynamic_key'] === undefined)
    return refused('payload.task_run has no task_key or no dynamic_key')
  return columns as TaskRunColumns
}

function readState(
  event: Row<'event'>,
  validated: JsonObject,
  taskRunId: string,
  flowRunId: string | null,
): State | Refusal {
  const { type, name = null, message = null, data = null } = validated
  if (!TYPES.has(type)) return refused('payload.validated_state.type is not a state type')
  if (name !== null && typeof name !== 'string') return refused('payload.validated_state.name is not a text')
  if (message !== null && typeof message !== 'string')
    return refused('payload.validated_state.message is not a text')
  const details = StateDetails.safeParse(validated['state_details'] ?? {})
  if (!details.success) return refused('payload.validated_state.state_details is not valid')
  const stateType = type as StateType
  if (stateType === 'SCHEDULED') details.data.scheduled_time ??= formatTimestamp(event.received)
  return {
    id: event.id,
    type: stateType,
    name: name ?? defaultStateName(stateType),
    timestamp: event.occurred,
    message,
    data,
    state_details: { ...details.data, task_run_id: taskRunId, flow_run_id: flowRunId },
  }
}
