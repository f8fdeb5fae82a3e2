import { startFlowRun as route } from '@reeve/schemas/routes/starts'
import { endpoint } from '../endpoint.ts'
import { proposedState } from '../proposed-state.ts'
import { beginningOf, taskRunStart, wireTaskRunStart } from '../task-runs/starting.ts'
import { wireFlowRun } from '../wire/flow-run.ts'
import { terseFlowRunStart } from '../wire/terse.ts'
import { wireOrchestrationResult } from '../wire/orchestration-result.ts'
import { creating } from './creating.ts'

export const startFlowRun = endpoint(route, async (call) => {
  const { context, isTerse, body, now } = call
  const began = beginningOf(body, now)
  const made = await creating(call, body.flow_run, {
    began,
    proposal: { state: { ...proposedState(body.state, context), timestamp: began }, policy: 'core' },
    taskRuns: body.task_runs.map((each) => taskRunStart(each, call)),
  })
  if ('refused' in made) return made.refused
  const { flowRun, created, transitioned, taskRuns } = made
  const status = created ? 201 : 200
  if (isTerse) return { status, body: terseFlowRunStart(made, body) }
  return {
    status,
    body: {
      flow_run: wireFlowRun(flowRun, context.clock.now()),
      result: transitioned ? wireOrchestrationResult(transitioned) : null,
      task_runs: taskRuns.map((each) => (each ? wireTaskRunStart(each, context) : null)),
    },
  }
})
