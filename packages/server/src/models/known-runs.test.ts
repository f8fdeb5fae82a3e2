import { FlowRunCreate } from '@reeve/schemas/flow-run'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeFlow, taskRunCreation } from '../../tests/helpers/make.ts'
import { createTestContext } from '../../tests/helpers/test-context.ts'
import type { TestContext } from '../../tests/helpers/test-context.ts'
import type { Context } from '../context.ts'
import { readFlowRunStates } from './flow-run-states.ts'
import { createHotPath } from './hot-path.ts'
import type { TaskRunCreation } from './new-task-run.ts'
import { SERVER_CLIENT } from './rule-context.ts'
import { serverState } from './server-state.ts'
import { readTaskRunStates } from './task-run-states.ts'

describe('what a server knows of flow runs spares it round trips to PostgreSQL', () => {
  let server: TestContext
  let here: Context
  /** Another server of the database, of whose doings this one is not told. */
  let elsewhere: Context
  let flow_id: string
  /** Transactions that had to read. */
  let readings: number
  beforeEach(async () => {
    server = await createTestContext('postgres')
    const { database } = server.context
    const write = database.write.bind(database)
    database.write = (work) => {
      readings++
      return write(work)
    }
    here = server.context
    elsewhere = { ...here, hotPath: createHotPath(database, here) }
    flow_id = await makeFlow(here)
    await start(here)
    await start(elsewhere)
    readings = 0
  })
  afterEach(() => server.close())

  const state = (type: 'PENDING' | 'RUNNING' | 'CANCELLING' | 'COMPLETED' | 'PAUSED') =>
    serverState(type, here)
  async function start(at: Context, given: Partial<FlowRunCreate> = {}, taskRuns: TaskRunCreation[] = []) {
    const flowRun = FlowRunCreate.parse({ flow_id, ...given })
    const proposal = { state: state('RUNNING'), policy: 'core' as const }
    const rest = {
      state: state('PENDING'),
      work_queue: null,
      created_by: null,
      client: SERVER_CLIENT,
      proposal,
    }
    return at.hotPath.createFlowRun({ flowRun, ...rest, taskRuns })
  }
  const step = (at: Context, flow_run_id: string, dynamic_key: string) =>
    at.hotPath.createTaskRun({
      ...taskRunCreation(here, { flow_run_id, dynamic_key }),
      proposals: [{ state: state('RUNNING'), force: false }],
    })
  const set = (at: Context, flow_run_id: string, type: 'CANCELLING' | 'COMPLETED' | 'PAUSED') =>
    at.hotPath.setFlowRunState({ flow_run_id, state: state(type), policy: 'core', client: SERVER_CLIENT })
  const names = async (id: string) =>
    (await here.database.read((session) => readFlowRunStates(session, id))).map(({ name }) => name)

  test('a flow run that starts, takes steps and ends at one server is never read', async () => {
    const { id } = (await start(here)).flowRun
    const steps = [await step(here, id, '0'), await step(here, id, '1')]
    expect(steps.map(({ transitioned }) => transitioned[0]?.status)).toEqual(['ACCEPT', 'ACCEPT'])
    expect((await set(here, id, 'COMPLETED'))?.status).toBe('ACCEPT')
    expect(readings).toBe(0)
    expect(await names(id)).toEqual(['Pending', 'Running', 'Completed'])
    const first = await here.database.read((session) => readTaskRunStates(session, steps[0]!.taskRun.id))
    expect(first.map(({ name }) => name)).toEqual(['Pending', 'Running'])
  })

  test('nor is one that takes its first steps along', async () => {
    const taskRuns = ['0', '1'].map((dynamic_key) => ({
      ...taskRunCreation(here, { dynamic_key }),
      proposals: [{ state: state('RUNNING'), force: false }],
    }))
    const begun = await start(here, {}, taskRuns)
    expect(begun.taskRuns.map((each) => each?.transitioned[0]?.status)).toEqual(['ACCEPT', 'ACCEPT'])
    expect(readings).toBe(0)
    const { id } = begun.flowRun
    const again = await step(here, id, '1')
    expect(again).toMatchObject({ created: false, taskRun: { id: begun.taskRuns[1]?.taskRun.id } })
  })

  test('a step is decided on its flow run as it is, not as it was last seen', async () => {
    const { id } = (await start(here)).flowRun
    await set(elsewhere, id, 'COMPLETED')
    readings = 0
    const { transitioned, parentStateType } = await step(here, id, '0')
    expect(transitioned[0]).toMatchObject({ status: 'ABORT', written: false })
    expect(parentStateType).toBe('COMPLETED')
    expect(readings).toBe(1)
  })

  test('a proposal is decided on the run as it is', async () => {
    const { id } = (await start(here)).flowRun
    await set(elsewhere, id, 'COMPLETED')
    expect((await set(here, id, 'CANCELLING'))?.status).toBe('ABORT')
    expect(await names(id)).toEqual(['Pending', 'Running', 'Completed'])
  })

  test('of proposals at two servers at once the second is decided on what the first left', async () => {
    for (const _ of [1, 2, 3, 4, 5]) {
      const { id } = (await start(here)).flowRun
      // Each has seen it running.
      await set(elsewhere, id, 'PAUSED')
      await elsewhere.hotPath.setFlowRunState({
        flow_run_id: id,
        state: state('RUNNING'),
        policy: 'force',
        client: SERVER_CLIENT,
      })
      const [ended, stopped] = await Promise.all([
        set(here, id, 'COMPLETED'),
        set(elsewhere, id, 'CANCELLING'),
      ])
      const history = (await names(id)).slice(4)
      // One that has ended cannot be stopped any more; one that is to stop may still end.
      if (history[0] === 'Completed') expect([ended?.status, stopped?.status]).toEqual(['ACCEPT', 'ABORT'])
      else expect(stopped?.status).not.toBe('ABORT')
      const written = [ended, stopped].filter((answer) => answer?.written)
      expect(history).toHaveLength(written.length)
    }
  })

  test('two proposals for one run in one batch are decided one after the other', async () => {
    const { id } = (await start(here)).flowRun
    const answers = await Promise.all([set(here, id, 'COMPLETED'), set(here, id, 'PAUSED')])
    expect(answers.map((answer) => answer?.status === 'ACCEPT')).toEqual([true, false])
    expect(await names(id)).toEqual(['Pending', 'Running', 'Completed'])
  })

  test('a repeated start is answered with the run that it made, a repeated step with its', async () => {
    const [one, two] = [
      await start(here, { idempotency_key: 'k' }),
      await start(here, { idempotency_key: 'k' }),
    ]
    expect([one.created, two.created]).toEqual([true, false])
    expect(two.flowRun.id).toBe(one.flowRun.id)
    const steps = [await step(here, one.flowRun.id, '0'), await step(here, one.flowRun.id, '0')]
    expect(steps.map(({ created }) => created)).toEqual([true, false])
    expect(steps[1]!.taskRun.id).toBe(steps[0]!.taskRun.id)
    const both = await Promise.all([step(here, one.flowRun.id, '1'), step(here, one.flowRun.id, '2')])
    expect(both.map(({ created }) => created)).toEqual([true, true])
  })
})
