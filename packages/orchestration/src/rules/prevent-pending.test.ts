import type { StateType } from '@reeve/schemas/state-type'
import { describe, expect, it } from 'vitest'
import { judgeFlow } from '../../tests/judge.ts'
import { CLIENT_2_20, CLIENT_3_8, makeCurrent, makeFlowFacts, makeState } from '../../tests/make.ts'
import type { Client } from '../types.ts'
import { preventPending } from './prevent-pending.ts'

function judge(type: StateType, from: string, to: string, client: Client = CLIENT_3_8) {
  const held = { scheduled_time: '2026-01-01T00:00:00Z', deployment_concurrency_lease_id: 'lease' }
  const facts = makeFlowFacts({ client, current: makeCurrent(type, { name: from, state_details: held }) })
  const asked = { scheduled_time: '2030-01-01T00:00:00Z', deployment_concurrency_lease_id: null }
  return judgeFlow(preventPending, facts, makeState('PENDING', { name: to, state_details: asked }))
}

describe('a second PENDING', () => {
  it.each<[StateType, string, string, string]>([
    ['PENDING', 'Pending', 'Pending', 'ABORT'],
    ['PENDING', 'Pending', 'Submitting', 'ACCEPT'],
    ['PENDING', 'Submitting', 'InfrastructurePending', 'ACCEPT'],
    ['PENDING', 'Submitting', 'Submitting', 'ABORT'],
    ['PENDING', 'Submitting', 'Pending', 'ABORT'],
    ['RUNNING', 'Running', 'Submitting', 'ABORT'],
    ['CANCELLING', 'Cancelling', 'Pending', 'ABORT'],
    ['CANCELLED', 'Cancelled', 'Pending', 'ABORT'],
    ['SCHEDULED', 'Scheduled', 'Pending', 'ACCEPT'],
    ['FAILED', 'Failed', 'Pending', 'ACCEPT'],
  ])('from %s %s to %s: %s', (type, from, to, expected) => {
    expect(judge(type, from, to).status).toBe(expected)
  })

  it('takes over the time and the lease of the first', () => {
    expect(judge('PENDING', 'Pending', 'Submitting').state?.state_details).toEqual({
      scheduled_time: '2026-01-01T00:00:00Z',
      deployment_concurrency_lease_id: 'lease',
    })
  })

  it('is refused in 2.20 under any name', () => {
    expect(judge('PENDING', 'Pending', 'Submitting', CLIENT_2_20).status).toBe('ABORT')
  })
})
