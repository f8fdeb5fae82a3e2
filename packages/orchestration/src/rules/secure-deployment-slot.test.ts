import { formatTimestamp } from '@reeve/schemas/time'
import { describe, expect, it } from 'vitest'
import { brief, judgeFlow } from '../../tests/judge.ts'
import { CLIENT_3_8, NOW, SECOND, makeCurrent, makeFlowFacts, makeFlowRun } from '../../tests/make.ts'
import { makeLimit, makeState } from '../../tests/make.ts'
import { decideFlowTransition } from '../decide.ts'
import { coreFlowPolicy } from '../policies/core-flow.ts'
import type { DeploymentFacts, FlowFacts } from '../types.ts'
import { secureDeploymentSlot } from './secure-deployment-slot.ts'

const deployment: DeploymentFacts = {
  id: 'deployment',
  limit: makeLimit({ limit: 1 }),
  collision_strategy: 'ENQUEUE',
  grace_period_seconds: null,
}
const full = { ...deployment, limit: makeLimit({ limit: 1, active_slots: 1 }) }

const facts = (fields: Partial<FlowFacts>) =>
  makeFlowFacts({
    run: makeFlowRun({ deployment_id: 'deployment' }),
    current: makeCurrent('SCHEDULED'),
    deployment,
    ...fields,
  })
const judge = (fields: Partial<FlowFacts>) =>
  judgeFlow(secureDeploymentSlot, facts(fields), makeState('PENDING'))

describe('a run that becomes PENDING', () => {
  it('takes a free slot, and its state names the lease', () => {
    const decision = judge({})
    expect(brief(decision)).toBe('ACCEPT PENDING Pending')
    expect(decision.state?.state_details.deployment_concurrency_lease_id).toBe('new-lease')
    expect(decision.effects).toEqual([
      { type: 'take-slots', limit_ids: ['limit'], lease_id: 'new-lease', ttl_seconds: 300, holder: null },
    ])
  })

  it('holds it for the grace period of the deployment', () => {
    const { effects } = judge({ deployment: { ...deployment, grace_period_seconds: 60 } })
    expect(effects).toMatchObject([{ ttl_seconds: 60 }])
  })

  it('is queued when no slot is free', () => {
    const decision = judge({ deployment: full })
    expect(brief(decision)).toBe('REJECT SCHEDULED AwaitingConcurrencySlot')
    expect(decision.state?.state_details).toEqual({ scheduled_time: formatTimestamp(NOW + 30 * SECOND) })
    expect(decision.effects).toEqual([])
  })

  it('is cancelled when no slot is free and the deployment cancels new runs', () => {
    const decision = judge({ deployment: { ...full, collision_strategy: 'CANCEL_NEW' } })
    expect(brief(decision)).toBe('REJECT CANCELLED Cancelled')
  })

  it.each<[string, Partial<FlowFacts>, string]>([
    ['the deployment is gone', { deployment: null }, 'ABORT'],
    ['the limit is zero', { deployment: { ...deployment, limit: makeLimit({ limit: 0 }) } }, 'ABORT'],
    [
      'the limit is switched off',
      { deployment: { ...deployment, limit: makeLimit({ active: false }) } },
      'REJECT SCHEDULED AwaitingConcurrencySlot',
    ],
    ['there is no limit', { deployment: { ...deployment, limit: null } }, 'ACCEPT PENDING Pending'],
    ['there is no deployment', { run: makeFlowRun(), deployment: undefined }, 'ACCEPT PENDING Pending'],
    [
      'the worker takes slots itself',
      { client: { ...CLIENT_3_8, version: [3, 0, 3, ''] } },
      'ACCEPT PENDING Pending',
    ],
  ])('takes nothing when %s', (_, fields, expected) => {
    const decision = judge(fields)
    expect(brief(decision)).toBe(expected)
    expect(decision.effects).toEqual([])
  })

  it('keeps the slot that it still holds from a retry in its process', () => {
    const held = { deployment_concurrency_lease_id: 'lease' }
    const waiting = makeCurrent('SCHEDULED', { name: 'AwaitingRetry', state_details: held })
    const decision = decideFlowTransition(
      coreFlowPolicy,
      facts({ current: waiting, deployment: full, lease_is_live: true }),
      makeState('PENDING'),
    )
    expect(decision.state?.state_details).toMatchObject(held)
    expect(decision.effects).toContainEqual({ type: 'renew-lease', lease_id: 'lease', ttl_seconds: 300 })
  })

  it('takes nothing when a later rule refuses the transition', () => {
    const paused = facts({ current: makeCurrent('PAUSED') })
    const decision = decideFlowTransition(coreFlowPolicy, paused, makeState('PENDING'))
    expect(brief(decision)).toBe('REJECT keep')
    expect(decision.effects).toEqual([])
  })

  it.each(['PENDING', 'RUNNING', 'CANCELLING'] as const)('holds one already when it is %s', (type) => {
    expect(judge({ current: makeCurrent(type), deployment: full }).status).toBe('ACCEPT')
  })
})
