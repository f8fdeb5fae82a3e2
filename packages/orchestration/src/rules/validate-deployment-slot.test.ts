import { formatTimestamp } from '@reeve/schemas/time'
import { describe, expect, it } from 'vitest'
import { brief, judgeFlow } from '../../tests/judge.ts'
import { CLIENT_3_4_10, NOW, SECOND, makeCurrent, makeFlowFacts, makeFlowRun } from '../../tests/make.ts'
import { makeLimit, makeState } from '../../tests/make.ts'
import { decideFlowTransition } from '../decide.ts'
import { coreFlowPolicy } from '../policies/core-flow.ts'
import type { DeploymentFacts, FlowFacts } from '../types.ts'
import { validateDeploymentSlot } from './validate-deployment-slot.ts'

const deployment: DeploymentFacts = {
  id: 'deployment',
  limit: makeLimit(),
  collision_strategy: 'ENQUEUE',
  grace_period_seconds: 60,
}
const held = { deployment_concurrency_lease_id: 'lease' }
const facts = (fields: Partial<FlowFacts>) =>
  makeFlowFacts({
    run: makeFlowRun({ deployment_id: 'deployment' }),
    current: makeCurrent('PENDING', { state_details: held }),
    deployment,
    ...fields,
  })
const judge = (fields: Partial<FlowFacts>) =>
  judgeFlow(validateDeploymentSlot, facts(fields), makeState('RUNNING'))

describe('a run that starts', () => {
  it('renews the lease of its slot', () => {
    const decision = judge({ lease_is_live: true })
    expect(decision.state?.state_details).toEqual(held)
    expect(decision.effects).toEqual([{ type: 'renew-lease', lease_id: 'lease', ttl_seconds: 60 }])
  })

  it('takes another slot when its lease was reaped', () => {
    const decision = judge({})
    expect(decision.state?.state_details.deployment_concurrency_lease_id).toBe('new-lease')
    expect(decision.effects).toMatchObject([
      { type: 'take-slots', limit_ids: ['limit'], holder: { type: 'flow_run', id: 'flow-run' } },
    ])
  })

  it('is cancelled when its lease was reaped and no slot is free', () => {
    const decision = judge({ deployment: { ...deployment, limit: makeLimit({ active_slots: 1 }) } })
    expect(brief(decision)).toBe('REJECT CANCELLED Cancelled')
    expect(decision.effects).toEqual([])
  })

  it.each<[string, Partial<FlowFacts>]>([
    ['its client cannot renew leases', { client: CLIENT_3_4_10 }],
    ['its state names no lease', { current: makeCurrent('PENDING') }],
    ['its deployment has lost its limit', { deployment: { ...deployment, limit: null } }],
    ['its deployment is gone', { deployment: null }],
  ])('is let through when %s', (_, fields) => {
    const decision = judge(fields)
    expect(brief(decision)).toBe('ACCEPT RUNNING Running')
    expect(decision.effects).toEqual([])
  })

  it('takes no slot while it has to wait for its time', () => {
    const scheduled_time = formatTimestamp(NOW + 60 * SECOND)
    const current = makeCurrent('PENDING', { state_details: { ...held, scheduled_time } })
    const decision = decideFlowTransition(coreFlowPolicy, facts({ current }), makeState('RUNNING'))
    expect(brief(decision)).toBe('WAIT 60')
    expect(decision.effects).toEqual([])
  })
})
