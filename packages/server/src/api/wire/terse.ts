import type { State, StateDetails } from '@reeve/orchestration/types'
import type { StateCreate, StateDetails as WireDetails } from '@reeve/schemas/state'
import { defaultStateName } from '@reeve/schemas/state-type'
import type { StateType } from '@reeve/schemas/state-type'
import { NO_DETAILS } from '@reeve/schemas/terse'
import type {
  TerseFlowRun,
  TerseFlowRunStart,
  TerseResult,
  TerseState,
  TerseTaskRun,
  TerseTaskRunStart,
} from '@reeve/schemas/terse'
import { formatTimestamp } from '@reeve/schemas/time'
import type { BegunFlowRun } from '../../models/flow-run-starts.ts'
import type { FlowRunRecord, TaskRunRecord } from '../../models/records.ts'
import { shownData } from '../../models/state-data.ts'
import type { CreatedTaskRun } from '../../models/task-run-creation.ts'
import type { AskedStart } from '../task-runs/starting.ts'
import type { Transitioned } from '../../models/transitioned.ts'

/** What became of a proposal, as a pipeline tells whoever made it. */
export function terseResult({ state, status, details }: Transitioned, asked: StateCreate): TerseResult {
  return {
    status,
    state: state && terseState(state, asked),
    ...(details.type !== 'accept_details' && { details }),
  }
}

function terseState(state: State, asked?: StateCreate): TerseState {
  const { id, type, name, message, data } = state
  const base = asked?.type === type ? asked : undefined
  const terse: TerseState = { id, timestamp: formatTimestamp(state.timestamp) }
  if (!base) terse.type = type
  if (name !== (base?.name ?? defaultStateName(type))) terse.name = name
  if (message !== (base?.message ?? null)) terse.message = message
  if (data !== (base?.data ?? null)) terse.data = shownData(data)
  const details = changedDetails(state.state_details, base?.state_details ?? NO_DETAILS)
  if (details) terse.state_details = details
  return terse
}

const DETAILS = Object.keys(NO_DETAILS) as (keyof WireDetails)[]

function changedDetails(
  details: StateDetails,
  base: Readonly<WireDetails>,
): Partial<WireDetails> | undefined {
  let changed: { [name: string]: unknown } | undefined
  for (const name of DETAILS) {
    const value = details[name] === undefined ? NO_DETAILS[name] : details[name]
    if (value !== base[name]) (changed ??= {})[name] = value
  }
  return changed
}

export function terseTaskRunStart(
  { taskRun, created, transitioned, parentStateType }: CreatedTaskRun,
  asked: AskedStart,
): TerseTaskRunStart {
  const [result, end] = transitioned
  return {
    task_run: created ? terseRun(taskRun) : terseTaskRun(taskRun),
    flow_run_state_type: parentStateType as StateType | null,
    ...(result && { result: terseResult(result, asked.state) }),
    ...(end && asked.end && { end: terseResult(end, asked.end) }),
  }
}

export function terseFlowRunStart(
  { flowRun, created, transitioned, taskRuns }: BegunFlowRun,
  asked: { state: StateCreate; task_runs: readonly AskedStart[] },
): TerseFlowRunStart {
  const { deployment_id, expected_start_time, state } = flowRun
  const flow_run: TerseFlowRun = terseRun(flowRun)
  if (deployment_id !== null) flow_run.deployment_id = deployment_id
  if (expected_start_time !== null) flow_run.expected_start_time = formatTimestamp(expected_start_time)
  if (state && !created) flow_run.state = terseState(state)
  return {
    flow_run,
    ...(transitioned && { result: terseResult(transitioned, asked.state) }),
    ...(taskRuns.length > 0 && {
      task_runs: taskRuns.map((each, place) =>
        each ? terseTaskRunStart(each, asked.task_runs[place] as AskedStart) : null,
      ),
    }),
  }
}

export function terseTaskRun(run: TaskRunRecord): TerseTaskRun {
  return { ...terseRun(run), ...(run.state && { state: terseState(run.state) }) }
}

/** Without its state. */
function terseRun(run: TaskRunRecord | FlowRunRecord): TerseTaskRun {
  const { id, name, tags, labels, run_count } = run
  const terse: TerseTaskRun = {
    id,
    created: formatTimestamp(run.created),
    name,
    labels: labels as TerseTaskRun['labels'],
  }
  if (tags.length > 0) terse.tags = tags
  if (run_count > 0) terse.run_count = run_count
  return terse
}
