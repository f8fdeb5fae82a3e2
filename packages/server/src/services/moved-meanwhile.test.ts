import { formatTimestamp } from '@reeve/schemas/time'
import type { State } from '@reeve/orchestration/types'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../tests/helpers/databases.ts'
import { makeFlow, makeFlowRun, proposal, taskRunCreation } from '../../tests/helpers/make.ts'
import { START, createTestContext } from '../../tests/helpers/test-context.ts'
import type { TestContext } from '../../tests/helpers/test-context.ts'
import type { Context } from '../context.ts'
import { createHotPath } from '../models/hot-path.ts'
import { readFlowRunStates } from '../models/flow-run-states.ts'
import { readTaskRunStates } from '../models/task-run-states.ts'
import { SERVER_CLIENT } from '../models/rule-context.ts'
import { serverState } from '../models/server-state.ts'
import { cancellationCleanup } from './cancellation-cleanup.ts'
import { lateRuns } from './late-runs.ts'
import { pauseExpirations } from './pause-expirations.ts'
import type { Service } from './service.ts'

const HOUR = 3_600_000_000

/** Another server of the database does the same at the same time, or a client is quicker than either. */
describe.each(DIALECTS)('a run that moves after a service found it, on %s', (dialect) => {
  let server: TestContext
  let context: Context
  /** Another server's, whose proposals are in other batches. */
  let other: Context
  let flow_id: string
  beforeEach(async () => {
    server = await createTestContext(dialect)
    context = server.context
    other = { ...context, hotPath: createHotPath(context.database, context) }
    flow_id = await makeFlow(context)
  })
  afterEach(() => server.close())

  const now = () => context.clock.now() + HOUR
  const setFlow = (id: string, state: State) =>
    other.hotPath.setFlowRunState({ flow_run_id: id, state, policy: 'force', client: SERVER_CLIENT })
  const flowStates = async (id: string) =>
    (await context.database.read((session) => readFlowRunStates(session, id))).map(({ name }) => name)
  const taskStates = async (id: string) =>
    (await context.database.read((session) => readTaskRunStates(session, id))).map(({ name }) => name)

  /** A pass of the service; what is given happens after it has found its runs, and before its first write. */
  async function pass(service: Service, meanwhile: () => Promise<unknown>): Promise<number> {
    const { database } = context
    const { write, writeAssuming } = database
    const first = async () => {
      Object.assign(database, { write, writeAssuming })
      await meanwhile()
    }
    database.write = async (work) => first().then(() => write.call(database, work) as never)
    database.writeAssuming = async (work) => first().then(() => writeAssuming.call(database, work) as never)
    return service.run(context, now())
  }
  const again = (service: Service) => () => service.run(other, now())

  async function paused(): Promise<string> {
    const id = await makeFlowRun(context, { flow_id })
    const details = { pause_timeout: formatTimestamp(START + 1_000_000) }
    await setFlow(id, serverState('PAUSED', context, { state_details: details }))
    return id
  }
  async function subflowOfCancelled(): Promise<{ task: string; subflow: string }> {
    const parent = await makeFlowRun(context, { flow_id })
    const { taskRun } = await context.hotPath.createTaskRun(
      taskRunCreation(context, { flow_run_id: parent }, serverState('RUNNING', context)),
    )
    const stand = taskRunCreation(context, { flow_run_id: parent, dynamic_key: '1' })
    const parent_task_run_id = (await context.hotPath.createTaskRun(stand)).taskRun.id
    const subflow = await makeFlowRun(context, { flow_id, parent_task_run_id })
    await setFlow(parent, serverState('CANCELLED', context))
    return { task: taskRun.id, subflow }
  }

  test('is failed once when its pause is over', async () => {
    const id = await paused()
    expect(await pass(pauseExpirations, again(pauseExpirations))).toBe(0)
    expect(await flowStates(id)).toEqual(['Running', 'Paused', 'Failed'])
  })

  test('is not failed when it was resumed at the last moment', async () => {
    const id = await paused()
    await pass(pauseExpirations, () => setFlow(id, serverState('RUNNING', context)))
    expect(await flowStates(id)).toEqual(['Running', 'Paused', 'Running'])
  })

  test('is cancelled with its parent once', async () => {
    const { task, subflow } = await subflowOfCancelled()
    await pass(cancellationCleanup, again(cancellationCleanup))
    expect(await flowStates(subflow)).toEqual(['Running', 'Cancelled'])
    expect(await taskStates(task)).toEqual(['Running', 'Cancelled'])
  })

  test('is not cancelled with its parent when it has ended', async () => {
    const { task, subflow } = await subflowOfCancelled()
    await pass(cancellationCleanup, async () => {
      await other.hotPath.setTaskRunState(proposal(context, task, 'COMPLETED'))
      await setFlow(subflow, serverState('COMPLETED', context))
    })
    expect(await flowStates(subflow)).toEqual(['Running', 'Completed'])
    expect(await taskStates(task)).toEqual(['Running', 'Completed'])
  })

  test('is marked late once', async () => {
    const id = await makeFlowRun(context, { flow_id })
    const details = { scheduled_time: formatTimestamp(START) }
    await setFlow(id, serverState('SCHEDULED', context, { state_details: details }))
    expect(await pass(lateRuns, again(lateRuns))).toBe(0)
    expect(await flowStates(id)).toEqual(['Running', 'Scheduled', 'Late'])
  })
})
