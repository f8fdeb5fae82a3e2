import { formatTimestamp } from '@reeve/schemas/time'
import { describe, expect, it } from 'vitest'
import { brief, judgeTask } from '../../tests/judge.ts'
import { NOW, SECOND, makeCurrent, makeState, makeTaskFacts, makeTaskRun } from '../../tests/make.ts'
import { retryFailedTasks } from './retry-failed-tasks.ts'

function judge(retries: number | null, run_count: number, retriable?: boolean | null) {
  const empirical_policy = { retries, retry_delay: [1.5, 60], retry_jitter_factor: null }
  const run = makeTaskRun({ run_count, empirical_policy })
  const failure = makeState('FAILED', { message: 'broke', data: 'trace', state_details: { retriable } })
  return judgeTask(retryFailedTasks, makeTaskFacts({ run, current: makeCurrent('RUNNING') }), failure)
}

describe('a task run that fails', () => {
  it.each([
    [null, 1, undefined, 'ACCEPT FAILED Failed'],
    [0, 1, undefined, 'ACCEPT FAILED Failed'],
    [1, 1, undefined, 'REJECT SCHEDULED AwaitingRetry'],
    [1, 2, undefined, 'ACCEPT FAILED Failed'],
    [1, 1, null, 'REJECT SCHEDULED AwaitingRetry'],
    [1, 1, true, 'REJECT SCHEDULED AwaitingRetry'],
    [1, 1, false, 'ACCEPT FAILED Failed'],
  ])('with %s retries, in attempt %d, retriable %s: %s', (retries, attempt, retriable, expected) => {
    expect(brief(judge(retries, attempt, retriable))).toBe(expected)
  })

  it('waits for its delay with the message and data of the failed attempt', () => {
    const scheduled_time = formatTimestamp(NOW + 1.5 * SECOND)
    expect(judge(2, 1).state).toMatchObject({
      message: 'broke',
      data: 'trace',
      state_details: { scheduled_time },
    })
  })
})
