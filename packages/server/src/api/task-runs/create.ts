import { createTaskRun as route } from '@reeve/schemas/routes/task-runs'
import { serverState } from '../../models/server-state.ts'
import { endpoint } from '../endpoint.ts'
import { proposedState } from '../proposed-state.ts'
import { wireTaskRun } from '../wire/task-run.ts'
import { terseTaskRun } from '../wire/terse.ts'

export const createTaskRun = endpoint(route, async ({ context, client, isTerse, body }) => {
  const { state, ...taskRun } = body
  const { taskRun: run, created } = await context.hotPath.createTaskRun({
    taskRun,
    state: state ? proposedState(state, context) : serverState('PENDING', context),
    client,
  })
  return {
    status: created ? 201 : 200,
    body: isTerse ? terseTaskRun(run) : wireTaskRun(run, context.clock.now()),
  }
})
