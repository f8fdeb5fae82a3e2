import type { StateType } from '@reeve/schemas/state-type'
import { describe, expect, it } from 'vitest'
import { decideFlowTransition } from '../decide.ts'
import { coreFlowPolicy } from '../policies/core-flow.ts'
import { judgeFlow } from '../../tests/judge.ts'
import { makeCurrent, makeFlowFacts, makeFlowRun, makeState } from '../../tests/make.ts'
import { releaseDeploymentSlot } from './release-deployment-slot.ts'

const run = makeFlowRun({ deployment_id: 'deployment' })
const held = { deployment_concurrency_lease_id: 'lease' }
const release = { type: 'release-lease', lease_id: 'lease' }

describe('the slot of a deployment', () => {
  it.each<[StateType, StateType, boolean]>([
    ['PENDING', 'COMPLETED', true],
    ['PENDING', 'SCHEDULED', true],
    ['RUNNING', 'FAILED', true],
    ['RUNNING', 'PAUSED', true],
    ['CANCELLING', 'CANCELLED', true],
    ['PENDING', 'RUNNING', false],
    ['RUNNING', 'RUNNING', false],
    ['RUNNING', 'CANCELLING', false],
    ['SCHEDULED', 'COMPLETED', false],
    ['COMPLETED', 'FAILED', false],
  ])('from %s to %s is given back: %s', (from, to, given) => {
    const facts = makeFlowFacts({ run, current: makeCurrent(from, { state_details: held }) })
    const { effects } = judgeFlow(releaseDeploymentSlot, facts, makeState(to))
    expect(effects).toEqual(given ? [release] : [])
  })

  it('is not given back by a run that took none', () => {
    const facts = makeFlowFacts({ run, current: makeCurrent('RUNNING') })
    expect(judgeFlow(releaseDeploymentSlot, facts, makeState('COMPLETED')).effects).toEqual([])
  })

  it('stays with a run that retries in its process', () => {
    const retrying = { ...run, empirical_policy: { ...run.empirical_policy, retries: 1 } }
    const facts = makeFlowFacts({ run: retrying, current: makeCurrent('RUNNING', { state_details: held }) })
    const { state, effects } = decideFlowTransition(coreFlowPolicy, facts, makeState('FAILED'))
    expect(state).toMatchObject({ name: 'AwaitingRetry', state_details: held })
    expect(effects).toEqual([{ type: 'emit-state-event' }])
  })

  it('is given back when the client proposes the retry, for that leaves the process', () => {
    const facts = makeFlowFacts({ run, current: makeCurrent('RUNNING', { state_details: held }) })
    const retry = makeState('SCHEDULED', { name: 'AwaitingRetry' })
    expect(decideFlowTransition(coreFlowPolicy, facts, retry).effects).toContainEqual(release)
  })

  it('is given back when a run that waits for its retry ends', () => {
    const waiting = makeCurrent('SCHEDULED', { name: 'AwaitingRetry', state_details: held })
    const facts = makeFlowFacts({ run, current: waiting, lease_is_live: true })
    expect(judgeFlow(releaseDeploymentSlot, facts, makeState('CANCELLED')).effects).toEqual([release])
  })
})
