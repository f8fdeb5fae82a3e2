import type { StateType } from '@reeve/schemas/state-type'
import { describe, expect, it } from 'vitest'
import { brief, judgeFlow } from '../../tests/judge.ts'
import { CLIENT_2_20, CLIENT_3_8, makeCurrent, makeFlowFacts, makeFlowRun } from '../../tests/make.ts'
import { makeState } from '../../tests/make.ts'
import { handleFlowTerminalTransitions } from './handle-flow-terminal-transitions.ts'

const stored = { type: 'reference', storage_key: 'key' }
const run = makeFlowRun({ deployment_id: 'deployment' })

describe('a flow run that has ended', () => {
  it.each<StateType>(['CANCELLING', 'PAUSED', 'CRASHED'])('cannot become %s', (type) => {
    const facts = makeFlowFacts({ run, current: makeCurrent('FAILED') })
    expect(brief(judgeFlow(handleFlowTerminalTransitions, facts, makeState(type)))).toBe('ABORT')
  })

  it('is not run again when its result is stored', () => {
    const facts = makeFlowFacts({ run, current: makeCurrent('COMPLETED', { data: stored }) })
    for (const type of ['SCHEDULED', 'PENDING', 'RUNNING'] as const) {
      expect(brief(judgeFlow(handleFlowTerminalTransitions, facts, makeState(type)))).toBe('REJECT keep')
    }
  })

  it.each([
    ['a stored result', stored, 'ACCEPT COMPLETED Completed'],
    ['no data', null, 'REJECT keep'],
    ['a result that is not stored', { type: 'unpersisted' }, 'REJECT keep'],
  ])('gives its result up for a state with %s: %s', (_, data, expected) => {
    const facts = makeFlowFacts({ run, current: makeCurrent('COMPLETED', { data: stored }) })
    const proposal = makeState('COMPLETED', { data })
    expect(brief(judgeFlow(handleFlowTerminalTransitions, facts, proposal))).toBe(expected)
  })

  it('may lose its result to another COMPLETED in 2.20', () => {
    const current = makeCurrent('COMPLETED', { data: stored })
    const facts = makeFlowFacts({ run, client: CLIENT_2_20, current })
    expect(judgeFlow(handleFlowTerminalTransitions, facts, makeState('COMPLETED')).status).toBe('ACCEPT')
  })

  it.each([
    ['null', null],
    ['an unpersisted result', { type: 'unpersisted' }],
    ['an empty object', {}],
    ['a list', [1]],
    ['a text', 'text'],
  ])('is run again when its data is %s', (_, data) => {
    const facts = makeFlowFacts({ run, current: makeCurrent('COMPLETED', { data }) })
    expect(judgeFlow(handleFlowTerminalTransitions, facts, makeState('RUNNING')).status).toBe('ACCEPT')
  })

  it('is scheduled again only with a deployment', () => {
    const facts = makeFlowFacts({ current: makeCurrent('CRASHED') })
    expect(judgeFlow(handleFlowTerminalTransitions, facts, makeState('SCHEDULED')).status).toBe('ABORT')
    const deployed = { ...facts, run }
    expect(judgeFlow(handleFlowTerminalTransitions, deployed, makeState('SCHEDULED')).status).toBe('ACCEPT')
  })
})

describe('the pauses of a flow run that is run again', () => {
  const policy = { ...run.empirical_policy, resuming: true, pause_keys: ['a'], retry_type: null }
  const paused = { ...run, empirical_policy: policy }

  it.each([
    ['SCHEDULED', 'reschedule'],
    ['RUNNING', null],
  ] as const)('are forgotten at %s, with retry type %s', (type, retry_type) => {
    const facts = makeFlowFacts({ run: paused, current: makeCurrent('FAILED') })
    const { patch } = judgeFlow(handleFlowTerminalTransitions, facts, makeState(type))
    expect(patch.empirical_policy).toMatchObject({ resuming: false, pause_keys: [], retry_type })
  })

  it('stay when it goes from one end to another', () => {
    const facts = makeFlowFacts({ run: paused, current: makeCurrent('FAILED') })
    expect(judgeFlow(handleFlowTerminalTransitions, facts, makeState('COMPLETED')).patch).toEqual({})
  })

  it('stay for a client from before there were pauses', () => {
    const client = { ...CLIENT_3_8, api_version: [0, 8, 3] as const }
    const facts = makeFlowFacts({ run: paused, client, current: makeCurrent('FAILED') })
    expect(judgeFlow(handleFlowTerminalTransitions, facts, makeState('RUNNING')).patch).toEqual({})
  })
})
