import { startTaskRun as route } from '@reeve/schemas/routes/starts'
import { serverState } from '../../models/server-state.ts'
import { endpoint } from '../endpoint.ts'
import { proposedState } from '../proposed-state.ts'
import { wireOrchestrationResult } from '../wire/orchestration-result.ts'
import { wireTaskRun } from '../wire/task-run.ts'

export const startTaskRun = endpoint(route, async ({ context, client, body }) => {
  const { state: first, ...taskRun } = body.task_run
  const {
    taskRun: run,
    created,
    transitioned,
  } = await context.hotPath.createTaskRun({
    taskRun,
    state: first ? proposedState(first, context) : serverState('PENDING', context),
    proposal: { state: proposedState(body.state, context), force: false },
    client,
  })
  const task_run = wireTaskRun(run, context.clock.now())
  const result = transitioned ? wireOrchestrationResult(transitioned) : null
  return { status: created ? 201 : 200, body: { task_run, result } }
})
