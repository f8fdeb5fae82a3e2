import { startFlowRun as route } from '@reeve/schemas/routes/starts'
import { endpoint } from '../endpoint.ts'
import { proposedState } from '../proposed-state.ts'
import { beginningOf, taskRunStart, wireTaskRunStart } from '../task-runs/starting.ts'
import { wireFlowRun } from '../wire/flow-run.ts'
import { wireOrchestrationResult } from '../wire/orchestration-result.ts'
import { creating } from './creating.ts'

export const startFlowRun = endpoint(route, async (call) => {
  const { context, body, now } = call
  const began = beginningOf(body, now)
  const made = await creating(call, body.flow_run, {
    began,
    proposal: { state: { ...proposedState(body.state, context), timestamp: began }, policy: 'core' },
    taskRuns: body.task_runs.map((each) => taskRunStart(each, call)),
  })
  if ('refused' in made) return made.refused
  const { flowRun, created, transitioned, taskRuns } = made
  return {
    status: created ? 201 : 200,
    body: {
      flow_run: wireFlowRun(flowRun, context.clock.now()),
      result: transitioned ? wireOrchestrationResult(transitioned) : null,
      task_runs: taskRuns.map((each) => (each ? wireTaskRunStart(each, context) : null)),
    },
  }
})
