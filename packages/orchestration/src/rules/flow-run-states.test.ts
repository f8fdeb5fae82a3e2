import type { StateType } from '@reeve/schemas/state-type'
import { describe, expect, it } from 'vitest'
import { brief, judgeFlow } from '../../tests/judge.ts'
import { CLIENT_2_20, CLIENT_3_8, makeCurrent, makeFlowFacts, makeFlowRun } from '../../tests/make.ts'
import { makeLimit, makeState } from '../../tests/make.ts'
import type { DeploymentFacts } from '../types.ts'
import { addUnknownResult } from './add-unknown-result.ts'
import { bypassCancellingWithoutInfrastructure } from './bypass-cancelling-without-infrastructure.ts'
import { enforceCancelledForGood, enforceCancellingToCancelled } from './enforce-cancelling-to-cancelled.ts'
import { enforceDeploymentLimitOnLate } from './enforce-deployment-limit-on-late.ts'
import { onlyScheduledRunsAreLate } from './only-scheduled-runs-are-late.ts'
import { preserveLeaseId } from './preserve-lease-id.ts'
import { preventDuplicateTransitions } from './prevent-duplicate-transitions.ts'
import { preventResultLoss } from './prevent-result-loss.ts'

describe('cancelling', () => {
  const cancelling = makeState('CANCELLING')

  it.each<[string, StateType, string, boolean, string | null, string]>([
    ['a scheduled run', 'SCHEDULED', 'Scheduled', false, null, 'REJECT CANCELLED Cancelled'],
    ['a scheduled run with a process', 'SCHEDULED', 'Scheduled', false, '1', 'ACCEPT CANCELLING Cancelling'],
    ['a resuming run with a process', 'SCHEDULED', 'Resuming', false, '1', 'REJECT CANCELLED Cancelled'],
    ['a suspended run', 'PAUSED', 'Suspended', true, '1', 'REJECT CANCELLED Cancelled'],
    ['a paused run', 'PAUSED', 'Paused', false, null, 'ACCEPT CANCELLING Cancelling'],
    ['a running run', 'RUNNING', 'Running', false, null, 'ACCEPT CANCELLING Cancelling'],
  ])('%s', (_, type, name, pause_reschedule, infrastructure_pid, expected) => {
    const current = makeCurrent(type, { name, state_details: { pause_reschedule } })
    const facts = makeFlowFacts({ run: makeFlowRun({ infrastructure_pid }), current })
    expect(brief(judgeFlow(bypassCancellingWithoutInfrastructure, facts, cancelling))).toBe(expected)
  })

  it('ends in CANCELLED only', () => {
    const facts = makeFlowFacts({ current: makeCurrent('CANCELLING') })
    expect(brief(judgeFlow(enforceCancellingToCancelled, facts, makeState('COMPLETED')))).toBe('REJECT keep')
    expect(judgeFlow(enforceCancellingToCancelled, facts, makeState('CANCELLED')).status).toBe('ACCEPT')
  })

  it('is for good in 2.20', () => {
    const facts = makeFlowFacts({ current: makeCurrent('CANCELLED') })
    expect(judgeFlow(enforceCancellingToCancelled, facts, makeState('RUNNING')).status).toBe('ACCEPT')
    expect(brief(judgeFlow(enforceCancelledForGood, facts, makeState('RUNNING')))).toBe('REJECT keep')
  })
})

describe('a run is late', () => {
  const late = makeState('SCHEDULED', { name: 'Late' })

  it.each<[StateType | null, string, string]>([
    [null, '', 'ACCEPT SCHEDULED Late'],
    ['SCHEDULED', 'Scheduled', 'ACCEPT SCHEDULED Late'],
    ['SCHEDULED', 'Late', 'REJECT keep'],
    ['PENDING', 'Pending', 'REJECT keep'],
    ['FAILED', 'Failed', 'REJECT keep'],
  ])('after %s %s: %s', (type, name, expected) => {
    const facts = makeFlowFacts({ current: type && makeCurrent(type, { name }) })
    expect(brief(judgeFlow(onlyScheduledRunsAreLate, facts, late))).toBe(expected)
  })

  it('any number of times in 2.20', () => {
    const facts = makeFlowFacts({ client: CLIENT_2_20, current: makeCurrent('SCHEDULED', { name: 'Late' }) })
    expect(judgeFlow(onlyScheduledRunsAreLate, facts, late).status).toBe('ACCEPT')
  })

  it.each<[DeploymentFacts['collision_strategy'], number, string]>([
    ['CANCEL_NEW', 1, 'REJECT CANCELLED Cancelled'],
    ['CANCEL_NEW', 0, 'ACCEPT SCHEDULED Late'],
    ['ENQUEUE', 1, 'ACCEPT SCHEDULED Late'],
  ])('with the strategy %s and %d slots taken: %s', (collision_strategy, active_slots, expected) => {
    const limit = makeLimit({ active_slots })
    const deployment = { id: 'deployment', limit, collision_strategy, grace_period_seconds: null }
    const facts = makeFlowFacts({ current: makeCurrent('SCHEDULED'), deployment })
    expect(brief(judgeFlow(enforceDeploymentLimitOnLate, facts, late))).toBe(expected)
  })
})

describe('a transition that was made already', () => {
  it.each([
    ['a', 'a', 'REJECT keep'],
    ['a', 'b', 'ACCEPT RUNNING Running'],
    [null, null, 'ACCEPT RUNNING Running'],
    [undefined, undefined, 'ACCEPT RUNNING Running'],
    ['a', null, 'ACCEPT RUNNING Running'],
  ])('has the id of the present state (%s, %s): %s', (made, asked, expected) => {
    const current = makeCurrent('RUNNING', { state_details: { transition_id: made } })
    const proposal = makeState('RUNNING', { state_details: { transition_id: asked } })
    const decision = judgeFlow(preventDuplicateTransitions, makeFlowFacts({ current }), proposal)
    expect(brief(decision)).toBe(expected)
  })
})

describe('a lease id', () => {
  const current = makeCurrent('PENDING', { state_details: { deployment_concurrency_lease_id: 'lease' } })

  it.each([
    [null, 'lease'],
    [undefined, 'lease'],
    ['other', 'other'],
  ])('proposed as %s becomes %s', (asked, expected) => {
    const proposal = makeState('RUNNING', { state_details: { deployment_concurrency_lease_id: asked } })
    const { state } = judgeFlow(preserveLeaseId, makeFlowFacts({ current }), proposal)
    expect(state?.state_details.deployment_concurrency_lease_id).toBe(expected)
  })
})

describe('by force, a COMPLETED state with a stored result', () => {
  const facts = makeFlowFacts({ current: makeCurrent('COMPLETED', { data: { storage_key: 'key' } }) })

  it('gives way to one with a result and to other ends, but not to one without', () => {
    const stored = makeState('COMPLETED', { data: { storage_key: 'other' } })
    expect(judgeFlow(preventResultLoss, facts, stored).status).toBe('ACCEPT')
    expect(judgeFlow(preventResultLoss, facts, makeState('FAILED')).status).toBe('ACCEPT')
    expect(brief(judgeFlow(preventResultLoss, facts, makeState('COMPLETED')))).toBe('REJECT keep')
  })
})

describe('for 2.20, a failure with a stored result', () => {
  it.each([
    [{ type: 'reference' }, 'unknown'],
    [{ type: 'literal' }, undefined],
    [null, undefined],
  ])('%j that is forced to COMPLETED gets data of type %s', (data, expected) => {
    const facts = makeFlowFacts({ client: CLIENT_3_8, current: makeCurrent('FAILED', { data }) })
    const { state } = judgeFlow(addUnknownResult, facts, makeState('COMPLETED'))
    expect((state?.data as { type?: string } | null)?.type).toBe(expected)
  })
})
