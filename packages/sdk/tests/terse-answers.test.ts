import { StateDetails } from '@reeve/schemas/state'
import { NO_DETAILS } from '@reeve/schemas/terse'
import { beforeEach, describe, expect, test } from 'vitest'
import { type EngineApi, engineApi } from '../src/engine/api.ts'
import { identified } from '../src/engine/identified.ts'
import type { ServerHandle } from '../src/with-server.ts'
import { isReeve, sharedServer } from './helpers/shared-server.ts'

test('a state without details has those of an empty object', () => {
  expect(NO_DETAILS).toEqual(StateDetails.parse({}))
})

describe.runIf(isReeve)('what a pipeline answers tersely is, made whole, what REST answers', () => {
  const onServer = sharedServer()
  let flowId: string

  const both = async (fn: (terse: EngineApi, rest: EngineApi) => Promise<void>) =>
    onServer(async ({ apiUrl }: ServerHandle) => {
      const say = () => {}
      const [over, beside] = [false, true].map((isRest) => engineApi({ url: apiUrl, isRest, say }))
      flowId = (await beside!.api.createFlow({ body: { name: 'f' } })).id
      try {
        await fn(over!.api, beside!.api)
        expect(over!.pipeline.isOpen).toBe(true)
      } finally {
        over!.pipeline.close()
      }
    })

  const running = () => identified({ type: 'RUNNING' })
  let keys = 0
  const taskRun = (flow_run_id: string | null) => ({
    flow_run_id,
    task_key: 'k',
    dynamic_key: `${keys++}`,
    tags: ['a'],
  })
  beforeEach(() => void (keys = 0))

  test('of a flow run that is started, and of one that was there', () =>
    both(async (terse, rest) => {
      const body = {
        flow_run: { flow_id: flowId, idempotency_key: 'once', tags: ['b'], labels: { l: 1 } },
        state: running(),
      }
      const { flow_run, result } = await terse.startFlowRun({ body })
      const { state, ...run } = await rest.readFlowRun({ params: { id: flow_run.id } })
      expect(result).toEqual({ status: 'ACCEPT', details: { type: 'accept_details' }, state })
      expect(flow_run).toEqual({ ...shown(flow_run, run), run_count: 0, state: null, state_type: null })
      const again = await terse.startFlowRun({ body })
      expect(again).toEqual({
        flow_run: { ...shown(again.flow_run, run), state },
        result: null,
        task_runs: [],
      })
    }))

  test('of a flow run whose start takes one of a task run along', () =>
    both(async (terse, rest) => {
      const along = {
        task_run: taskRun(null),
        state: running(),
        end: identified({ type: 'FAILED', data: 'x' }),
      }
      const body = { flow_run: { flow_id: flowId }, state: running(), task_runs: [along] }
      const { flow_run, task_runs } = await terse.startFlowRun({ body })
      const id = task_runs[0]!.task_run.id
      const { state, flow_run_id } = await rest.readTaskRun({ params: { id } })
      expect(flow_run_id).toBe(flow_run.id)
      expect(task_runs[0]).toMatchObject({ result: { status: 'ACCEPT', state: { type: 'RUNNING' } } })
      expect(task_runs[0]?.end).toEqual({ status: 'ACCEPT', details: { type: 'accept_details' }, state })
    }))

  test('of a task run that is started, with its end', () =>
    both(async (terse, rest) => {
      const start = { flow_run: { flow_id: flowId }, state: running() }
      const { flow_run } = await rest.startFlowRun({ body: start })
      const data = { type: 'reference', storage_key: 'x' }
      const body = {
        task_run: taskRun(flow_run.id),
        state: running(),
        end: identified({ type: 'COMPLETED', name: 'Done', message: 'in time', data }),
      }
      const answer = await terse.startTaskRun({ body })
      const { id } = answer.task_run
      const { state, ...run } = await rest.readTaskRun({ params: { id } })
      const states = await rest.readTaskRunStates({ query: { task_run_id: id } })
      expect(answer.end).toEqual({ status: 'ACCEPT', details: { type: 'accept_details' }, state })
      expect(answer.result?.state).toEqual(states.find(({ type }) => type === 'RUNNING'))
      expect(answer.flow_run_state_type).toBe('RUNNING')
      expect(answer.task_run).toEqual({
        ...shown(answer.task_run, run),
        run_count: 0,
        state: null,
        state_type: null,
      })
      const again = await terse.startTaskRun({ body })
      expect(again.task_run).toEqual({ ...shown(again.task_run, run), state })
      expect(again).toMatchObject({ result: null, end: null, flow_run_state_type: null })
    }))

  test('of a proposal that is turned into something else, refused, or repeated', () =>
    both(async (terse, rest) => {
      const policy = { empirical_policy: { retries: 1, retry_delay: 60 } }
      const scheduled = {
        type: 'SCHEDULED' as const,
        state_details: { deferred: true, scheduled_time: '2026-01-01T00:00:00+01:00' },
      }
      const created = await terse.createTaskRun({ body: { ...taskRun(null), ...policy, state: scheduled } })
      const read = () => rest.readTaskRun({ params: { id: created.id } })
      expect(created).toEqual(shown(created, await read()))
      const propose = async (state: ReturnType<typeof identified>, force = false) => {
        const result = await terse.setTaskRunState({ params: { id: created.id }, body: { state, force } })
        const now = (await read()).state
        return { result, now }
      }
      const begun = running()
      for (const state of [begun, begun]) {
        const { result, now } = await propose(state)
        expect(result).toEqual({ status: 'ACCEPT', details: { type: 'accept_details' }, state: now })
      }
      const failed = identified({ type: 'FAILED', message: 'no', data: 'why' })
      const { result, now } = await propose(failed)
      expect(result).toMatchObject({ status: 'REJECT', details: { type: 'reject_details' } })
      expect(result.state).toEqual(now)
      expect(now).toMatchObject({
        name: 'AwaitingRetry',
        state_details: { transition_id: expect.any(String) },
      })
      const done = await propose(identified({ type: 'COMPLETED' }), true)
      expect(done.result.state).toEqual(done.now)
      const late = await propose(running())
      expect(late.result.state).toEqual(late.now)
    }))
})

/** Those fields of the run that the other one has. */
function shown<T extends object>(told: T, run: object): T {
  return Object.fromEntries(Object.entries(run).filter(([name]) => name in told)) as T
}
