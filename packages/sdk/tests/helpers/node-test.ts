import { deepEqual, equal, rejects } from 'node:assert/strict'
import { test } from 'node:test'
import { flow } from '../../src/flow.ts'
import { runContext } from '../../src/run-context.ts'
import { task } from '../../src/task.ts'
import { withTestServer } from '../../src/testing.ts'

/** Run by the testing test, with Node's own test runner. */
const flaky = task(
  () => {
    if (runContext().taskRun!.runCount === 1) throw new Error('not yet')
    return 'done'
  },
  { name: 'flaky', retries: 1, retryDelaySeconds: 86_400 },
)

test('time travel', () =>
  withTestServer(async (server) => {
    const run = flow(() => flaky(), { name: 'daily' }).submit()
    await server.advance('23 hours')
    await server.expectStates(run, ['Pending', 'Running'])
    await server.advance('1 hour')
    await server.expectStates(run, ['Pending', 'Running', 'Completed'])
    deepEqual(
      (await server.taskRuns(run)).map(({ states }) => states.at(-1)),
      ['Completed'],
    )
    await rejects(server.expectStates(run, ['Completed']), { name: 'AssertionError' })
  }))

test('skipped time', () =>
  withTestServer(async () => equal(await flow(() => flaky(), { name: 'daily' })(), 'done')))
