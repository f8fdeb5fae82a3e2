import fc from 'fast-check'
import { describe, it } from 'vitest'
import { decideFlowTransition, decideTaskTransition } from '../src/decide.ts'
import { autonomousTaskPolicy } from '../src/policies/autonomous-task.ts'
import { backgroundTaskPolicy } from '../src/policies/background-task.ts'
import { clientSideTaskPolicy } from '../src/policies/client-side-task.ts'
import { coreFlowPolicy } from '../src/policies/core-flow.ts'
import { coreTaskPolicy } from '../src/policies/core-task.ts'
import { markLateFlowPolicy } from '../src/policies/mark-late-flow.ts'
import { minimalFlowPolicy } from '../src/policies/minimal-flow.ts'
import { minimalTaskPolicy } from '../src/policies/minimal-task.ts'
import { anyState, flowFacts, taskFacts } from './anything.ts'

const taskPolicies = [
  coreTaskPolicy,
  minimalTaskPolicy,
  backgroundTaskPolicy,
  clientSideTaskPolicy,
  autonomousTaskPolicy,
]

describe('whatever facts there are', () => {
  it.each([coreFlowPolicy, minimalFlowPolicy, markLateFlowPolicy])('$name decides', (policy) => {
    const property = fc.property(flowFacts, anyState, (facts, state) => {
      decideFlowTransition(policy, facts, state)
    })
    fc.assert(property, { numRuns: 500 })
  })

  it.each(taskPolicies)('$name decides', (policy) => {
    const property = fc.property(taskFacts, anyState, (facts, state) => {
      decideTaskTransition(policy, facts, state)
    })
    fc.assert(property, { numRuns: 500 })
  })
})
