import { describe, expect, it } from 'vitest'
import { brief } from '../tests/judge.ts'
import { makeCurrent, makeFlowFacts, makeFlowRun, makeState } from '../tests/make.ts'
import { decideFlowTransition } from './decide.ts'
import { definePolicy } from './policy.ts'
import { flowRule, flowTransform } from './rule.ts'
import type { Rule, Step } from './rule.ts'
import { ANY } from './state-sets.ts'
import type { FlowFacts } from './types.ts'

/** A rule that writes down which of its hooks ran. */
function recorder(log: string[], name: string, fields: Partial<Rule<FlowFacts>> = {}): Rule<FlowFacts> {
  return flowRule({
    name,
    from: ANY,
    to: ['RUNNING'],
    after: (_, written) => log.push(`${name} after ${written?.type ?? 'none'}`),
    cleanup: () => log.push(`${name} cleanup`),
    ...fields,
    before(transition, proposed) {
      log.push(`${name} before`)
      fields.before?.(transition, proposed)
    },
  })
}

function decide(steps: Step<FlowFacts>[], fields: Partial<FlowFacts> = {}) {
  const policy = definePolicy('test', { '3.8': steps, '2.20': [] }, [])
  return decideFlowTransition(policy, makeFlowFacts(fields), makeState('RUNNING'))
}

describe('the order of hooks', () => {
  it('enters rules in order and leaves them in reverse', () => {
    const log: string[] = []
    decide([recorder(log, 'a'), recorder(log, 'b')])
    expect(log).toEqual(['a before', 'b before', 'b after RUNNING', 'a after RUNNING'])
  })

  it('passes over rules that do not cover the pair of types', () => {
    const log: string[] = []
    decide([recorder(log, 'from', { from: ['PENDING'] }), recorder(log, 'to', { to: ['FAILED'] })])
    expect(log).toEqual([])
  })

  it('takes the rules of the generation of the client', () => {
    const log: string[] = []
    const client = { ...makeFlowFacts().client, generation: '2.20' as const }
    decide([recorder(log, 'a')], { client })
    expect(log).toEqual([])
  })
})

describe('a rule that decides', () => {
  const rejecting = (log: string[], fields: Partial<Rule<FlowFacts>> = {}) =>
    recorder(log, 'rejects', {
      before: (transition) => transition.reject(transition.replacement('FAILED'), 'no'),
      ...fields,
    })
  const keeping = (log: string[], fields: Partial<Rule<FlowFacts>> = {}) =>
    recorder(log, 'keeps', { before: (transition) => transition.keep('no'), ...fields })

  it('makes those before it clean up and those after it stand aside', () => {
    const log: string[] = []
    const decision = decide([recorder(log, 'first'), rejecting(log), recorder(log, 'last')])
    expect(brief(decision)).toBe('REJECT FAILED Failed')
    expect(log).toEqual(['first before', 'rejects before', 'first cleanup'])
  })

  it('is left through after when its to-set covers the state it put there', () => {
    const log: string[] = []
    decide([rejecting(log, { to: ANY })])
    expect(log).toEqual(['rejects before', 'rejects after FAILED'])
  })

  it('is left through after when its to-set covers none and it kept the state', () => {
    const log: string[] = []
    const decision = decide([keeping(log, { to: ANY })], { current: makeCurrent('PENDING') })
    expect(brief(decision)).toBe('REJECT keep')
    expect(log).toEqual(['keeps before', 'keeps after none'])
  })

  it('is not left at all when its to-set does not cover none', () => {
    const log: string[] = []
    decide([keeping(log)], { current: makeCurrent('PENDING') })
    expect(log).toEqual(['keeps before'])
  })

  it('aborts instead of keeping when the run has no state', () => {
    expect(brief(decide([keeping([])]))).toBe('ABORT')
  })

  it('does not disturb the others when it only renames', () => {
    const log: string[] = []
    const renaming = recorder(log, 'renames', {
      before: (_, proposed) => {
        proposed.name = 'Retrying'
      },
    })
    const decision = decide([renaming, recorder(log, 'last')])
    expect(brief(decision)).toBe('ACCEPT RUNNING Retrying')
    expect(log).toHaveLength(4)
  })
})

describe('a transform', () => {
  const transform = (log: string[]) =>
    flowTransform({
      name: 'transform',
      before: (_, proposed) => log.push(`before ${proposed.type}`),
      after: (_, written) => log.push(`after ${written.type}`),
    })
  const deciding = (before: Rule<FlowFacts>['before']) =>
    flowRule({ name: 'decides', from: ANY, to: ANY, before })

  it('sees the state that a rule put in place of the proposed one', () => {
    const log: string[] = []
    const reject = deciding((transition) => transition.reject(transition.replacement('FAILED'), 'no'))
    decide([reject, transform(log)])
    expect(log).toEqual(['before FAILED', 'after FAILED'])
  })

  it('does nothing when no state is written', () => {
    const log: string[] = []
    decide([transform(log), deciding((transition) => transition.wait(3, 'later'))])
    expect(log).toEqual(['before RUNNING'])
  })
})

describe('the decision', () => {
  it('holds exactly the fields of the run that changed', () => {
    const run = makeFlowRun({ run_count: 1 })
    const touching = recorder([], 'touches', {
      before: ({ run }) => {
        run.run_count = 1
        run.start_time = 5
        run.empirical_policy = { ...run.empirical_policy }
      },
    })
    expect(decide([touching], { run }).patch).toEqual({ start_time: 5 })
  })

  it('leaves facts and proposal untouched', () => {
    const facts = makeFlowFacts({ current: makeCurrent('PENDING') })
    const proposal = makeState('RUNNING')
    const before = structuredClone({ facts, proposal })
    const meddling = recorder([], 'meddles', {
      before: ({ run }, proposed) => {
        proposed.state_details.cache_key = 'x'
        run.run_count = 9
      },
    })
    const policy = definePolicy('test', { '3.8': [meddling], '2.20': [] }, [])
    const decision = decideFlowTransition(policy, facts, proposal)
    expect(decision.state?.state_details.cache_key).toBe('x')
    expect({ facts, proposal }).toEqual(before)
  })

  it('gives a replacement the identity of the proposal and a time that is not before it', () => {
    const reject = recorder([], 'rejects', {
      before: (transition) => transition.reject(transition.replacement('FAILED'), 'no'),
    })
    const { state } = decide([reject], { now: 3 })
    expect(state).toMatchObject({ id: 'state-running', timestamp: makeState('RUNNING').timestamp })
  })
})

describe('the time of the written state', () => {
  it('comes after that of the current state, whenever the proposal arrived', () => {
    const current = makeCurrent('RUNNING', { timestamp: 5_000_000 })
    const policy = definePolicy<FlowFacts>('test', { '3.8': [], '2.20': [] }, [])
    const early = { ...makeState('COMPLETED'), timestamp: 4_000_000 }
    expect(decideFlowTransition(policy, makeFlowFacts({ current }), early).state?.timestamp).toBe(5_000_001)
  })
})
