import { createTaskRun as route } from '@reeve/schemas/routes/task-runs'
import { serverState } from '../../models/server-state.ts'
import { endpoint } from '../endpoint.ts'
import { proposedState } from '../proposed-state.ts'
import { wireTaskRun } from '../wire/task-run.ts'

export const createTaskRun = endpoint(route, async ({ context, client, body }) => {
  const { state, ...taskRun } = body
  const { taskRun: run, created } = await context.hotPath.createTaskRun({
    taskRun,
    state: state ? proposedState(state, context) : serverState('PENDING', context),
    client,
  })
  return { status: created ? 201 : 200, body: wireTaskRun(run, context.clock.now()) }
})
