import { FlowRunCreate } from '@reeve/schemas/flow-run'
import type { StateType } from '@reeve/schemas/state-type'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../tests/helpers/databases.ts'
import { makeFlow, makeFlowRun } from '../../tests/helpers/make.ts'
import { createTestContext } from '../../tests/helpers/test-context.ts'
import type { TestContext } from '../../tests/helpers/test-context.ts'
import type { Context } from '../context.ts'
import { readFlowRunStates } from './flow-run-states.ts'
import { readFlowRun } from './flow-runs.ts'
import { SERVER_CLIENT } from './rule-context.ts'
import { serverState } from './server-state.ts'

describe.each(DIALECTS)('flow runs on the hot path on %s', (dialect) => {
  let test_: TestContext
  let context: Context
  let flowId: string
  beforeEach(async () => {
    test_ = await createTestContext(dialect)
    context = test_.context
    flowId = await makeFlow(context)
  })
  afterEach(() => test_.close())

  const read = (id: string) => context.database.read((session) => readFlowRun(session, id))
  const states = (id: string) => context.database.read((session) => readFlowRunStates(session, id))

  function creation(given: Partial<FlowRunCreate> = {}) {
    const flowRun = FlowRunCreate.parse({ flow_id: flowId, ...given })
    const state = serverState('PENDING', context)
    return { flowRun, state, work_queue: null, created_by: null, client: SERVER_CLIENT }
  }

  function proposal(flow_run_id: string, type: StateType) {
    const state = serverState(type, context)
    return { flow_run_id, state, policy: 'core' as const, client: SERVER_CLIENT }
  }

  test('those created together are answered as they read back', async () => {
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        context.hotPath.createFlowRun(
          creation({ name: `run ${index}`, parameters: { index }, tags: ['x'], labels: { own: 'yes' } }),
        ),
      ),
    )
    for (const [index, { flowRun, created }] of made.entries()) {
      expect(created).toBe(true)
      expect(flowRun).toMatchObject({ name: `run ${index}`, parameters: { index }, state_type: 'PENDING' })
      expect(await read(flowRun.id)).toMatchObject(flowRun)
    }
  })

  test('50 parallel creates with one idempotency key make one run and give one id', async () => {
    const made = await Promise.all(
      Array.from({ length: 50 }, () => context.hotPath.createFlowRun(creation({ idempotency_key: 'once' }))),
    )
    expect(new Set(made.map(({ flowRun }) => flowRun.id)).size).toBe(1)
    expect(made.filter(({ created }) => created)).toHaveLength(1)
    expect(await states(made[0]?.flowRun.id as string)).toHaveLength(1)
  })

  test('a create for an unknown flow or parent is refused, and its neighbours are kept', async () => {
    const results = await Promise.allSettled([
      context.hotPath.createFlowRun(creation()),
      context.hotPath.createFlowRun(creation({ flow_id: context.ids.random() })),
      context.hotPath.createFlowRun(creation({ parent_task_run_id: context.ids.random() })),
      context.hotPath.createFlowRun(creation()),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
  })

  test('a start is answered as it was before the proposal, and keeps both states', async () => {
    const starts = Array.from({ length: 10 }, () => ({
      ...creation(),
      proposal: { state: serverState('RUNNING', context), policy: 'core' as const },
    }))
    for (const { flowRun, transitioned } of await Promise.all(starts.map(context.hotPath.createFlowRun))) {
      expect(flowRun).toMatchObject({ state_type: 'PENDING', run_count: 0, start_time: null })
      expect(transitioned).toMatchObject({ status: 'ACCEPT', written: true, state: { type: 'RUNNING' } })
      expect((await states(flowRun.id)).map(({ type }) => type)).toEqual(['PENDING', 'RUNNING'])
      expect(await read(flowRun.id)).toMatchObject({ state_type: 'RUNNING', run_count: 1 })
    }
  })

  test('of 20 proposals at once to take a scheduled run one is accepted', async () => {
    const id = await makeFlowRun(context, { flow_id: flowId }, 'SCHEDULED')
    const results = await Promise.all(
      Array.from({ length: 20 }, () => context.hotPath.setFlowRunState(proposal(id, 'PENDING'))),
    )
    const statuses = results.map((result) => result?.status).toSorted()
    expect(statuses).toEqual([...Array.from({ length: 19 }, () => 'ABORT'), 'ACCEPT'].toSorted())
    expect((await states(id)).map(({ type }) => type)).toEqual(['SCHEDULED', 'PENDING'])
  })

  test('a proposal for a run that is not there has no result, and its neighbours have', async () => {
    const id = await makeFlowRun(context, { flow_id: flowId })
    const [missing, there] = await Promise.all([
      context.hotPath.setFlowRunState(proposal(context.ids.random(), 'COMPLETED')),
      context.hotPath.setFlowRunState(proposal(id, 'COMPLETED')),
    ])
    expect(missing).toBeUndefined()
    expect(there).toMatchObject({ status: 'ACCEPT', state: { type: 'COMPLETED' } })
  })
})
