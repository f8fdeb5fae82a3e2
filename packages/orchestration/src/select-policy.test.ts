import { describe, expect, it } from 'vitest'
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
      expect(selectTaskPolicy({ generation, force, deferred, hasFlowRun }).name).toBe(name)
    },
  )
})

describe('the policy for a flow run', () => {
  it('is the minimal one by force', () => {
    expect(selectFlowPolicy({ force: true }).name).toBe('minimal-flow')
    expect(selectFlowPolicy({ force: false }).name).toBe('core-flow')
  })
})
