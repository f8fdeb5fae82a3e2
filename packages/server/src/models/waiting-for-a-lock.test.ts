import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DIALECTS } from '../../tests/helpers/databases.ts'
import { makeFlow, makeFlowRun, proposal, taskRunCreation } from '../../tests/helpers/make.ts'
import { createTestContext } from '../../tests/helpers/test-context.ts'
import type { TestContext } from '../../tests/helpers/test-context.ts'
import type { Context } from '../context.ts'
import type { Session } from '../database/session.ts'
import { loadFlowRuns } from './flow-run-facts.ts'
import { transitionFlowRun } from './flow-run-transitions.ts'
import { SERVER_CLIENT } from './rule-context.ts'
import { serverState } from './server-state.ts'
import { loadTaskRuns } from './task-run-facts.ts'
import { transitionTaskRuns } from './task-run-transitions.ts'

describe.each(DIALECTS)('a run that another transaction holds, on %s', (dialect) => {
  let test_: TestContext
  let context: Context
  let flowRunId: string
  beforeEach(async () => {
    test_ = await createTestContext(dialect)
    context = test_.context
    flowRunId = await makeFlowRun(context, { flow_id: await makeFlow(context) })
  })
  afterEach(() => test_.close())

  /** What `look` finds in a transaction that began while one that carries out `move` was not committed yet. */
  async function after<T>(
    move: (session: Session) => Promise<unknown>,
    look: (session: Session) => Promise<T>,
  ): Promise<T> {
    const moved = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    const first = context.database.write(async (session) => {
      await move(session)
      moved.resolve()
      if (dialect === 'postgres') await go.promise
    })
    await moved.promise
    const second = context.database.write(look)
    if (dialect === 'postgres') await vi.waitUntil(someoneWaits, { timeout: 10_000, interval: 5 })
    go.resolve()
    await first
    return second
  }

  async function someoneWaits(): Promise<boolean> {
    const { rows } = await context.database.read((session) =>
      session.execute({
        sql: `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        parameters: [],
      }),
    )
    return rows.length > 0
  }

  test('is seen in the state that the other left, if it is a task run', async () => {
    const { taskRun } = await context.hotPath.createTaskRun(
      taskRunCreation(context, { flow_run_id: flowRunId }),
    )
    const runs = await after(
      (session) => transitionTaskRuns(session, [proposal(context, taskRun.id, 'RUNNING')], context),
      (session) => loadTaskRuns(session, [taskRun.id]),
    )
    expect(runs.get(taskRun.id)?.current?.type).toBe('RUNNING')
  })

  test('is seen in the state that the other left, if it is a flow run', async () => {
    const state = serverState('COMPLETED', context)
    const completed = { flow_run_id: flowRunId, state, policy: 'core' as const, client: SERVER_CLIENT }
    const runs = await after(
      (session) => transitionFlowRun(session, completed, context),
      (session) => loadFlowRuns(session, [flowRunId]),
    )
    expect(runs.get(flowRunId)?.current?.type).toBe('COMPLETED')
  })
})
