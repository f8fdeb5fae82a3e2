import { describe, expect, it } from 'vitest'
import { brief } from '../tests/judge.ts'
import { makeCurrent, makeState, makeTaskFacts, makeTaskRun } from '../tests/make.ts'
import { decideTaskTransition } from './decide.ts'
import { coreTaskPolicy } from './policies/core-task.ts'
import { minimalTaskPolicy } from './policies/minimal-task.ts'

const details = { transition_id: 'a transition' }

describe('a task run that is asked again for the transition that it made last', () => {
  it.each([coreTaskPolicy, minimalTaskPolicy])(
    'is told that it was accepted, and not counted twice',
    (policy) => {
      const facts = makeTaskFacts({ current: makeCurrent('RUNNING', { state_details: details }) })
      const decision = decideTaskTransition(policy, facts, makeState('RUNNING', { state_details: details }))
      expect(decision).toEqual({
        status: 'ACCEPT',
        details: { type: 'accept_details' },
        state: null,
        patch: {},
        effects: [],
      })
    },
  )

  it('is told that it was rejected when another state was put in the place of the proposed one', () => {
    const policy = { retries: 1, retry_delay: 10, retry_jitter_factor: null }
    const run = makeTaskRun({ run_count: 1, empirical_policy: policy })
    const running = makeTaskFacts({ run, current: makeCurrent('RUNNING') })
    const failed = makeState('FAILED', { state_details: details })
    const first = decideTaskTransition(coreTaskPolicy, running, failed)
    expect(brief(first)).toBe('REJECT SCHEDULED AwaitingRetry')
    const again = decideTaskTransition(coreTaskPolicy, { ...running, current: first.state }, failed)
    expect(brief(again)).toBe('REJECT keep')
  })

  it('is judged anew when the transition is another one, or has no id', () => {
    const facts = makeTaskFacts({ current: makeCurrent('RUNNING', { state_details: details }) })
    for (const state_details of [{ transition_id: 'another' }, {}]) {
      const decision = decideTaskTransition(coreTaskPolicy, facts, makeState('RUNNING', { state_details }))
      expect(decision.state).toMatchObject({ type: 'RUNNING' })
    }
  })
})
