import { describe, expect, it } from 'vitest'
import { brief, judgeFlow } from '../../tests/judge.ts'
import { makeCurrent, makeFlowFacts, makeFlowRun, makeState } from '../../tests/make.ts'
import type { FlowFacts } from '../types.ts'
import { handlePausing } from './handle-pausing.ts'

const pause = makeState('PAUSED', { state_details: { pause_key: 'key' } })
const suspend = makeState('PAUSED', { name: 'Suspended', state_details: { pause_reschedule: true } })
const policy = makeFlowRun().empirical_policy

describe('pausing', () => {
  const facts = (fields: Partial<FlowFacts> = {}) =>
    makeFlowFacts({ current: makeCurrent('RUNNING'), ...fields })

  it('remembers the key of the pause', () => {
    const run = makeFlowRun({ empirical_policy: { ...policy, pause_keys: ['other'] } })
    const { patch } = judgeFlow(handlePausing, facts({ run }), pause)
    expect(patch.empirical_policy?.pause_keys).toEqual(['other', 'key'])
  })

  it('makes a key for a pause that has none', () => {
    const { patch } = judgeFlow(handlePausing, facts(), makeState('PAUSED'))
    expect(patch.empirical_policy?.pause_keys).toEqual(['new-pause-key'])
  })

  it('happens once for each key', () => {
    const run = makeFlowRun({ empirical_policy: { ...policy, pause_keys: ['key'] } })
    const decision = judgeFlow(handlePausing, facts({ run }), pause)
    expect(brief(decision)).toBe('REJECT keep')
    expect(decision.patch).toEqual({})
  })

  it('needs a run that is RUNNING', () => {
    expect(brief(judgeFlow(handlePausing, facts({ current: makeCurrent('PENDING') }), pause))).toBe(
      'REJECT keep',
    )
    expect(brief(judgeFlow(handlePausing, facts({ current: null }), pause))).toBe('ABORT')
  })

  it('suspends only a run that a worker can take up again', () => {
    const deployed = makeFlowRun({ deployment_id: 'deployment' })
    const subflow = { ...deployed, parent_task_run_id: 'task' }
    expect(judgeFlow(handlePausing, facts(), suspend).status).toBe('ABORT')
    expect(judgeFlow(handlePausing, facts({ run: subflow }), suspend).status).toBe('ABORT')
    expect(judgeFlow(handlePausing, facts({ run: deployed }), suspend).status).toBe('ACCEPT')
  })
})
