import type { StateType } from '@reeve/schemas/state-type'
import { formatTimestamp } from '@reeve/schemas/time'
import { describe, expect, it } from 'vitest'
import { CLIENT_2_20, CLIENT_3_8, NOW, SECOND, makeCurrent, makeFlowFacts } from '../../tests/make.ts'
import { makeFlowRun, makeState, makeTaskFacts, makeTaskRun } from '../../tests/make.ts'
import { decideFlowTransition, decideTaskTransition } from '../decide.ts'
import type { FlowFacts, FlowRun, TaskRun } from '../types.ts'
import { coreTaskPolicy } from './core-task.ts'
import { minimalFlowPolicy } from './minimal-flow.ts'
import { minimalTaskPolicy } from './minimal-task.ts'

function moved(from: StateType | null, to: StateType, fields: Partial<TaskRun> = {}, client = CLIENT_3_8) {
  const scheduled_time = formatTimestamp(NOW + 60 * SECOND)
  const state_details = to === 'SCHEDULED' ? { scheduled_time } : {}
  const facts = makeTaskFacts({ run: makeTaskRun(fields), client, current: from && makeCurrent(from) })
  return decideTaskTransition(minimalTaskPolicy, facts, makeState(to, { state_details })).patch
}

describe('the times of a run', () => {
  it('start with the first RUNNING', () => {
    expect(moved('PENDING', 'RUNNING').start_time).toBe(NOW)
    expect(moved('PENDING', 'RUNNING', { start_time: 5 }).start_time).toBeUndefined()
  })

  it('start, in 3.8 only, with an end that comes before', () => {
    expect(moved('PENDING', 'CANCELLED')).toMatchObject({ start_time: NOW, end_time: NOW })
    const older = moved('PENDING', 'CANCELLED', {}, CLIENT_2_20)
    expect(older).not.toHaveProperty('start_time')
    expect(older).not.toHaveProperty('end_time')
  })

  it('end with the first of several ends, and reopen with it', () => {
    expect(moved('RUNNING', 'FAILED', { start_time: 5 }).end_time).toBe(NOW)
    expect(moved('FAILED', 'COMPLETED', { start_time: 5, end_time: 7 })).not.toHaveProperty('end_time')
    expect(moved('FAILED', 'RUNNING', { start_time: 5, end_time: 7 }).end_time).toBe(null)
  })

  it('sum the seconds spent in RUNNING', () => {
    expect(moved('RUNNING', 'FAILED', { total_run_time: 1.5 }).total_run_time).toBe(11.5)
    expect(moved('RUNNING', 'RUNNING').total_run_time).toBe(10)
    expect(moved('PENDING', 'RUNNING')).not.toHaveProperty('total_run_time')
  })

  it('expect the start at the first state, or when that is scheduled for', () => {
    expect(moved(null, 'PENDING').expected_start_time).toBe(NOW)
    expect(moved(null, 'SCHEDULED').expected_start_time).toBe(NOW + 60 * SECOND)
    expect(moved('PENDING', 'SCHEDULED', { expected_start_time: 5 })).not.toHaveProperty(
      'expected_start_time',
    )
  })

  it('name the next start only while the run is SCHEDULED', () => {
    expect(moved('FAILED', 'SCHEDULED').next_scheduled_start_time).toBe(NOW + 60 * SECOND)
    expect(moved('SCHEDULED', 'PENDING', { next_scheduled_start_time: 5 }).next_scheduled_start_time).toBe(
      null,
    )
  })
})

describe('a state that is written', () => {
  it('names its flow run, and the task run which stands for that in its parent', () => {
    const facts = makeFlowFacts({ run: makeFlowRun({ parent_task_run_id: 'task' }) })
    const decision = decideFlowTransition(minimalFlowPolicy, facts, makeState('RUNNING'))
    const stamped = { flow_run_id: 'flow-run', task_run_id: 'task' }
    expect(decision.state?.state_details).toEqual(stamped)
    expect(decision.effects).toEqual([
      {
        type: 'mirror-to-parent',
        task_run_id: 'task',
        state_details: { ...stamped, child_flow_run_id: 'flow-run' },
        generation: '3.8',
      },
      { type: 'emit-state-event' },
    ])
  })

  it('names its task run and the flow run of that', () => {
    const facts = makeTaskFacts({ run: makeTaskRun({ flow_run_id: 'flow' }) })
    const { state } = decideTaskTransition(minimalTaskPolicy, facts, makeState('PENDING'))
    expect(state?.state_details).toEqual({ flow_run_id: 'flow', task_run_id: 'task-run' })
  })

  it('of a flow run has a timestamp of its own, which its run goes by', () => {
    const facts = makeFlowFacts({ taken_timestamps: [NOW + 1, NOW, NOW + 3] })
    const { state, patch } = decideFlowTransition(minimalFlowPolicy, facts, makeState('RUNNING'))
    expect(state?.timestamp).toBe(NOW + 2)
    expect(patch.start_time).toBe(NOW + 2)
  })

  it('is none after WAIT, and nothing moves', () => {
    const current = makeCurrent('SCHEDULED', { state_details: { scheduled_time: '2030-01-01T00:00:00Z' } })
    const decision = decideTaskTransition(coreTaskPolicy, makeTaskFacts({ current }), makeState('RUNNING'))
    expect(decision).toMatchObject({ status: 'WAIT', state: null, patch: {}, effects: [] })
  })
})

describe('the attempts of a flow run', () => {
  function written(to: StateType, resuming: boolean, fields: Partial<FlowFacts> = {}): Partial<FlowRun> {
    const run = makeFlowRun({ run_count: 1 })
    run.empirical_policy = { ...run.empirical_policy, resuming }
    const facts = makeFlowFacts({ run, current: makeCurrent('PENDING'), ...fields })
    return decideFlowTransition(minimalFlowPolicy, facts, makeState(to)).patch
  }

  it('are counted at RUNNING', () => {
    expect(written('RUNNING', false).run_count).toBe(2)
    expect(written('COMPLETED', false)).not.toHaveProperty('run_count')
  })

  it('are not more for a run that is resumed, which then is no longer resuming', () => {
    const patch = written('RUNNING', true)
    expect(patch).not.toHaveProperty('run_count')
    expect(patch.empirical_policy?.resuming).toBe(false)
    expect(written('CANCELLED', true).empirical_policy?.resuming).toBe(false)
    expect(written('SCHEDULED', true)).not.toHaveProperty('empirical_policy')
  })

  it('are counted all the same for clients from before there were pauses', () => {
    const client = { ...CLIENT_3_8, api_version: [0, 8, 3] as const }
    const patch = written('RUNNING', true, { client })
    expect(patch.run_count).toBe(2)
    expect(patch).not.toHaveProperty('empirical_policy')
  })
})
