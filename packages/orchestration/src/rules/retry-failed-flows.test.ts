import { formatTimestamp } from '@reeve/schemas/time'
import { describe, expect, it } from 'vitest'
import { brief, judgeFlow } from '../../tests/judge.ts'
import { CLIENT_2_20, CLIENT_3_8, NOW, SECOND, makeCurrent, makeFlowFacts } from '../../tests/make.ts'
import { makeFlowRun, makeState } from '../../tests/make.ts'
import type { Client, FlowRunPolicy } from '../types.ts'
import { retryFailedFlows } from './retry-failed-flows.ts'

const failure = makeState('FAILED', { message: 'broke', data: { type: 'reference' } })

function judge(policy: Partial<FlowRunPolicy>, run_count: number, client: Client = CLIENT_3_8) {
  const run = makeFlowRun({ run_count })
  run.empirical_policy = { ...run.empirical_policy, ...policy }
  const held = { deployment_concurrency_lease_id: 'lease' }
  const current = makeCurrent('RUNNING', { state_details: held })
  return judgeFlow(retryFailedFlows, makeFlowFacts({ run, client, current }), failure)
}

describe('a flow run that fails', () => {
  it.each([
    [null, 1, 'ACCEPT FAILED Failed'],
    [0, 1, 'ACCEPT FAILED Failed'],
    [1, 1, 'REJECT SCHEDULED AwaitingRetry'],
    [1, 2, 'ACCEPT FAILED Failed'],
    [3, 3, 'REJECT SCHEDULED AwaitingRetry'],
  ])('with %s retries, in attempt %d: %s', (retries, attempt, expected) => {
    expect(brief(judge({ retries }, attempt))).toBe(expected)
  })

  it('waits for its delay with the message, data and lease of the failed attempt', () => {
    const { state, patch } = judge({ retries: 1, retry_delay: 60, pause_keys: ['key'], resuming: true }, 1)
    expect(state).toMatchObject({
      message: 'broke',
      data: { type: 'reference' },
      state_details: {
        scheduled_time: formatTimestamp(NOW + 60 * SECOND),
        deployment_concurrency_lease_id: 'lease',
      },
    })
    const forgotten = { resuming: false, pause_keys: [], retry_type: 'in_process' }
    expect(patch.empirical_policy).toMatchObject(forgotten)
  })

  it('forgets in 3.8 how it was retried when no retry is left', () => {
    const policy = { retries: 1, retry_type: 'in_process' } as const
    expect(judge(policy, 2).patch.empirical_policy?.retry_type).toBe(null)
    expect(judge(policy, 2, CLIENT_2_20).patch).toEqual({})
  })

  it('resets its failed task runs for clients before API 0.8.3', () => {
    const old = { ...CLIENT_3_8, api_version: [0, 8, 2] as const }
    const scheduled_time = formatTimestamp(NOW)
    const { effects, patch } = judge({ retries: 1 }, 1, old)
    expect(effects).toEqual([{ type: 'retry-failed-task-runs', scheduled_time }])
    expect(patch).toEqual({})
    expect(judge({ retries: 1 }, 1).effects).toEqual([])
  })

  it('waits until the end of time at most', () => {
    const { state } = judge({ retries: 1, retry_delay: 1e300 }, 1)
    expect(state?.state_details.scheduled_time).toBe('9999-12-31T23:59:59Z')
  })
})
