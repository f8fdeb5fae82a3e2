import type { StateCreate } from '@reeve/schemas/state'
import type { TaskRunCreate } from '@reeve/schemas/task-run'
import type { Context } from '../../context.ts'
import type { TaskRunCreation } from '../../models/new-task-run.ts'
import { serverState } from '../../models/server-state.ts'
import type { CreatedTaskRun } from '../../models/task-run-creation.ts'
import type { Call } from '../endpoint.ts'
import { proposedState } from '../proposed-state.ts'
import { wireOrchestrationResult } from '../wire/orchestration-result.ts'
import { wireTaskRun } from '../wire/task-run.ts'

const MICROSECONDS = 1_000_000

/** A task run to create whose function began `age_seconds` ago; `end` is there when it is over. */
export interface AskedStart {
  task_run: TaskRunCreate
  state: StateCreate
  end?: StateCreate | undefined
  age_seconds: number
}

/** When the function of a start began, in microseconds. */
export function beginningOf({ age_seconds }: { age_seconds: number }, now: number): number {
  return Math.floor(now - age_seconds * MICROSECONDS)
}

export function taskRunStart(
  asked: AskedStart,
  { context, client, now }: Pick<Call, 'context' | 'client' | 'now'>,
): TaskRunCreation {
  const { state: first, ...taskRun } = asked.task_run
  const began = beginningOf(asked, now)
  const proposals = [{ state: { ...proposedState(asked.state, context), timestamp: began }, force: false }]
  if (asked.end) proposals.push({ state: proposedState(asked.end, context), force: false })
  const state = first ? proposedState(first, context) : serverState('PENDING', context)
  return { taskRun, state: { ...state, timestamp: began - 1 }, proposals, client }
}

export function wireTaskRunStart(
  { taskRun, transitioned, parentStateType }: CreatedTaskRun,
  context: Context,
) {
  const [result, end] = transitioned.map((each) => wireOrchestrationResult(each))
  return {
    task_run: wireTaskRun(taskRun, context.clock.now()),
    result: result ?? null,
    end: end ?? null,
    flow_run_state_type: parentStateType,
  }
}
