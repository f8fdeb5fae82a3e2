import { describe, expect, it } from 'vitest'
import { CLIENT_2_20, CLIENT_3_8, makeState, makeTaskFacts, makeTaskRun } from '../tests/make.ts'
import { selectFlowPolicy, selectTaskPolicy } from './select-policy.ts'

describe('the policy for a task run', () => {
  it.each([
    ['3.8', true, false, true, 'minimal-task'],
    ['3.8', false, false, true, 'core-task'],
    ['3.8', false, false, false, 'core-task'],
    ['3.8', true, true, true, 'background-task'],
    ['2.20', true, false, true, 'minimal-task'],
    ['2.20', false, true, true, 'core-task'],
    ['2.20', true, false, false, 'autonomous-task'],
  ] as const)(
    'of %s, force %s, deferred %s, in a flow run %s',
    (generation, force, deferred, hasFlowRun, name) => {
      const facts = makeTaskFacts({
        client: generation === '3.8' ? CLIENT_3_8 : CLIENT_2_20,
        run: makeTaskRun({ flow_run_id: hasFlowRun ? 'flow-run' : null }),
      })
      const proposal = makeState('RUNNING', { state_details: { deferred } })
      expect(selectTaskPolicy(facts, proposal, { force }).name).toBe(name)
    },
  )
})

describe('the policy for a flow run', () => {
  it('is the minimal one by force', () => {
    expect(selectFlowPolicy({ force: true }).name).toBe('minimal-flow')
    expect(selectFlowPolicy({ force: false }).name).toBe('core-flow')
  })
})
