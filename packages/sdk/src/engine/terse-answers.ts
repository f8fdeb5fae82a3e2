import type { FlowRun } from '@reeve/schemas/flow-run'
import type { OrchestrationResult, State } from '@reeve/schemas/state'
import { defaultStateName } from '@reeve/schemas/state-type'
import type { TaskRun } from '@reeve/schemas/task-run'
import { NO_DETAILS } from '@reeve/schemas/terse'
import type {
  TerseFlowRun,
  TerseFlowRunStart,
  TerseResult,
  TerseState,
  TerseTaskRun,
  TerseTaskRunStart,
} from '@reeve/schemas/terse'
import type { TransportRequest } from '../client/transport.ts'
import type { Proposal } from './wire-state.ts'

/** A task run as a pipeline tells of it, which is what the engine needs of one. */
export type ToldTaskRun = Pick<TaskRun, Told>

export type ToldFlowRun = Pick<FlowRun, Told | 'deployment_id' | 'expected_start_time'>

type Told = 'id' | 'created' | 'name' | 'tags' | 'labels' | 'run_count' | 'state_type' | 'state'

export interface ToldTaskRunStart {
  task_run: ToldTaskRun
  result: OrchestrationResult | null
  end: OrchestrationResult | null
  flow_run_state_type: State['type'] | null
}

export interface ToldFlowRunStart {
  flow_run: ToldFlowRun
  result: OrchestrationResult | null
  task_runs: (ToldTaskRunStart | null)[]
}

/** Makes the answer to a pipelined call whole again, from what was asked. */
export function wholeAnswer({ call = '', body }: TransportRequest, answer: unknown): unknown {
  const whole = WHOLE[call]
  return whole ? whole(answer as never, body as never) : answer
}

interface Asked {
  state: Proposal
  end?: Proposal | undefined
  task_runs?: readonly Asked[]
}

const WHOLE: { [call: string]: (answer: never, asked: never) => unknown } = {
  setTaskRunState: wholeResult,
  setFlowRunState: wholeResult,
  createTaskRun: wholeTaskRun,
  startTaskRun: wholeTaskRunStart,
  startFlowRun: (answer: TerseFlowRunStart, asked: Asked): ToldFlowRunStart => ({
    flow_run: wholeFlowRun(answer.flow_run),
    result: answer.result ? wholeResult(answer.result, asked) : null,
    task_runs: (answer.task_runs ?? []).map(
      (each, place) => each && wholeTaskRunStart(each, asked.task_runs?.[place] as Asked),
    ),
  }),
}

function wholeTaskRunStart(answer: TerseTaskRunStart, asked: Asked): ToldTaskRunStart {
  return {
    task_run: wholeTaskRun(answer.task_run),
    result: answer.result ? wholeResult(answer.result, asked) : null,
    end: answer.end ? wholeResult(answer.end, { state: asked.end as Proposal }) : null,
    flow_run_state_type: answer.flow_run_state_type,
  }
}

function wholeResult({ status, state, details }: TerseResult, asked: Asked): OrchestrationResult {
  return {
    status,
    state: state && wholeState(state, asked.state),
    details: details ?? { type: 'accept_details' },
  }
}

/** `asked` is what the state is told apart from, if it is of that type. */
function wholeState(terse: TerseState, asked?: Proposal): State {
  const base = terse.type === undefined ? asked : undefined
  const type = terse.type ?? (asked as Proposal).type
  const { id, timestamp, message = base?.message ?? null, data = base?.data ?? null } = terse
  const state_details = { ...NO_DETAILS }
  for (const given of [base?.state_details, terse.state_details]) {
    for (const [name, value] of Object.entries(given ?? {}))
      if (value !== undefined) Object.assign(state_details, { [name]: value })
  }
  return {
    id,
    type,
    name: terse.name ?? base?.name ?? defaultStateName(type),
    timestamp,
    message,
    data: data as State['data'],
    state_details,
  }
}

function wholeTaskRun(run: TerseTaskRun) {
  const { id, created, name, tags = [], labels, run_count = 0 } = run
  const state = run.state ? wholeState(run.state) : null
  return {
    id,
    created,
    name,
    tags,
    labels,
    run_count,
    state_type: state?.type ?? null,
    state,
  }
}

function wholeFlowRun(run: TerseFlowRun): ToldFlowRun {
  const { deployment_id = null, expected_start_time = null } = run
  return { ...wholeTaskRun(run), deployment_id, expected_start_time }
}
