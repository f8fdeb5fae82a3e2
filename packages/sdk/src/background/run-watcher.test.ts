import { expect, test } from 'vitest'
import { ApiError } from '../client/api-error.ts'
import { systemClock } from '../client/clock.ts'
import type { Runtime } from '../engine/runtime.ts'
import { RunWatcher } from './run-watcher.ts'

/** A server that answers, one after the other, with these. */
function answering(...answers: (Error | object[])[]) {
  const filterTaskRuns = async () => {
    const answer = answers.length > 1 ? answers.shift() : answers[0]
    if (answer instanceof Error) throw answer
    return answer
  }
  return { api: { filterTaskRuns }, clock: systemClock } as unknown as Runtime
}

test('waits until the run has ended, through failures of a server that is away', async () => {
  const away = new ApiError('POST /task_runs/filter', 503, '')
  const watcher = new RunWatcher(
    answering(away, [{ id: 'a', state_type: 'RUNNING' }], [{ id: 'a', state_type: 'COMPLETED' }]),
  )
  expect(await watcher.ended('a')).toMatchObject({ state_type: 'COMPLETED' })
})

test('a run that is not there gives undefined', async () => {
  expect(await new RunWatcher(answering([])).ended('a')).toBeUndefined()
})

test('a server that refuses is not asked for ever', async () => {
  const refused = new ApiError('POST /task_runs/filter', 401, 'Unauthorized')
  const watcher = new RunWatcher(answering(refused))
  await expect(Promise.all([watcher.ended('a'), watcher.ended('b')])).rejects.toBe(refused)
})
