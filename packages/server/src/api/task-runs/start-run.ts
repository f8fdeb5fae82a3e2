import { startTaskRun as route } from '@reeve/schemas/routes/starts'
import { serverState } from '../../models/server-state.ts'
import { endpoint } from '../endpoint.ts'
import { proposedState } from '../proposed-state.ts'
import { wireOrchestrationResult } from '../wire/orchestration-result.ts'
import { wireTaskRun } from '../wire/task-run.ts'

const MICROSECONDS = 1_000_000

export const startTaskRun = endpoint(route, async ({ context, client, body, now }) => {
  const { state: first, ...taskRun } = body.task_run
  const began = Math.floor(now - body.age_seconds * MICROSECONDS)
  const proposals = [{ state: { ...proposedState(body.state, context), timestamp: began }, force: false }]
  if (body.end) proposals.push({ state: proposedState(body.end, context), force: false })
  const state = first ? proposedState(first, context) : serverState('PENDING', context)
  const made = await context.hotPath.createTaskRun({
    taskRun,
    state: { ...state, timestamp: began - 1 },
    proposals,
    client,
  })
  const [result, end] = made.transitioned.map((each) => wireOrchestrationResult(each))
  return {
    status: made.created ? 201 : 200,
    body: {
      task_run: wireTaskRun(made.taskRun, context.clock.now()),
      result: result ?? null,
      end: end ?? null,
      flow_run_state_type: made.parentStateType,
    },
  }
})
