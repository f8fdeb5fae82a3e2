import { formatTimestamp } from '@reeve/schemas/time'
import { describe, expect, it } from 'vitest'
import { brief, judgeFlow, judgeTask } from '../../tests/judge.ts'
import { NOW, SECOND, makeCurrent, makeFlowFacts, makeState, makeTaskFacts } from '../../tests/make.ts'
import { copyScheduledTime } from './copy-scheduled-time.ts'
import { copyTaskParametersId } from './copy-task-parameters-id.ts'
import { waitForScheduledTime } from './wait-for-scheduled-time.ts'

describe('a run that starts', () => {
  it.each([
    [3600, 'WAIT 3600'],
    [1.6, 'WAIT 2'],
    [1.5, 'WAIT 1'],
    [0.6, 'WAIT 1'],
    [0.5, 'ACCEPT RUNNING Running'],
    [0, 'ACCEPT RUNNING Running'],
    [-5, 'ACCEPT RUNNING Running'],
  ])('%d seconds before its time: %s', (seconds, expected) => {
    const scheduled_time = formatTimestamp(NOW + seconds * SECOND)
    for (const type of ['SCHEDULED', 'PENDING'] as const) {
      const facts = makeFlowFacts({ current: makeCurrent(type, { state_details: { scheduled_time } }) })
      expect(brief(judgeFlow(waitForScheduledTime, facts, makeState('RUNNING')))).toBe(expected)
    }
  })

  it.each([undefined, null, '', 'tomorrow'])('without a time (%s) need not wait', (scheduled_time) => {
    const facts = makeFlowFacts({ current: makeCurrent('PENDING', { state_details: { scheduled_time } }) })
    expect(judgeFlow(waitForScheduledTime, facts, makeState('RUNNING')).status).toBe('ACCEPT')
  })
})

describe('PENDING takes over', () => {
  const current = makeCurrent('SCHEDULED', {
    state_details: { scheduled_time: '2026-01-01T00:00:00+02:00', task_parameters_id: 'parameters' },
  })

  it('the scheduled time, to the letter', () => {
    const { state } = judgeFlow(copyScheduledTime, makeFlowFacts({ current }), makeState('PENDING'))
    expect(state?.state_details.scheduled_time).toBe('2026-01-01T00:00:00+02:00')
  })

  it('no scheduled time when it brings its own', () => {
    const own = makeState('PENDING', { state_details: { scheduled_time: '2027-01-01T00:00:00Z' } })
    const { state } = judgeFlow(copyScheduledTime, makeFlowFacts({ current }), own)
    expect(state?.state_details.scheduled_time).toBe('2027-01-01T00:00:00Z')
  })

  it('the parameters of a background task', () => {
    const { state } = judgeTask(copyTaskParametersId, makeTaskFacts({ current }), makeState('PENDING'))
    expect(state?.state_details.task_parameters_id).toBe('parameters')
  })
})
