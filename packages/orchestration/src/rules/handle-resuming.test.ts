import type { StateType } from '@reeve/schemas/state-type'
import { formatTimestamp } from '@reeve/schemas/time'
import { describe, expect, it } from 'vitest'
import { brief, judgeFlow } from '../../tests/judge.ts'
import { CLIENT_2_20, NOW, SECOND, makeCurrent, makeFlowFacts, makeFlowRun } from '../../tests/make.ts'
import { makeState } from '../../tests/make.ts'
import { handleResuming } from './handle-resuming.ts'

const overdue = { pause_timeout: formatTimestamp(NOW - SECOND) }
const paused = makeFlowFacts({ current: makeCurrent('PAUSED') })
const late = makeFlowFacts({ current: makeCurrent('PAUSED', { state_details: overdue }) })

describe('a paused run', () => {
  it.each<[StateType, string, string]>([
    ['RUNNING', 'ACCEPT RUNNING Running', 'REJECT FAILED Failed'],
    ['SCHEDULED', 'ACCEPT SCHEDULED Scheduled', 'REJECT FAILED Failed'],
    ['COMPLETED', 'ACCEPT COMPLETED Completed', 'REJECT FAILED Failed'],
    ['CANCELLED', 'ACCEPT CANCELLED Cancelled', 'REJECT FAILED Failed'],
    ['CANCELLING', 'ACCEPT CANCELLING Cancelling', 'ACCEPT CANCELLING Cancelling'],
    ['PENDING', 'REJECT keep', 'REJECT keep'],
    ['PAUSED', 'REJECT keep', 'REJECT keep'],
  ])('that goes to %s: %s; past its deadline: %s', (type, inTime, tooLate) => {
    expect(brief(judgeFlow(handleResuming, paused, makeState(type)))).toBe(inTime)
    expect(brief(judgeFlow(handleResuming, late, makeState(type)))).toBe(tooLate)
  })

  it('does not go to CANCELLING in 2.20', () => {
    const facts = { ...paused, client: CLIENT_2_20 }
    expect(brief(judgeFlow(handleResuming, facts, makeState('CANCELLING')))).toBe('REJECT keep')
  })

  it('is resuming from the moment it leaves, or tries to', () => {
    for (const type of ['RUNNING', 'PENDING'] as const) {
      const { patch } = judgeFlow(handleResuming, paused, makeState(type))
      expect(patch.empirical_policy?.resuming).toBe(true)
    }
  })

  it('stays suspended without a deployment', () => {
    const current = makeCurrent('PAUSED', { state_details: { pause_reschedule: true } })
    const facts = makeFlowFacts({ current })
    expect(brief(judgeFlow(handleResuming, facts, makeState('SCHEDULED')))).toBe('REJECT keep')
    const deployed = { ...facts, run: makeFlowRun({ deployment_id: 'deployment' }) }
    expect(judgeFlow(handleResuming, deployed, makeState('SCHEDULED')).status).toBe('ACCEPT')
  })
})
