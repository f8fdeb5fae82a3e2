/**
 * Tests of a flow that takes days, in a second. Shows: reeve/testing with Node's own test runner (vitest is
 * the same): a server in memory, time that the test moves, assertions on states and logs.
 */
import { equal } from 'node:assert/strict'
import { test } from 'node:test'
import { flow, log, pauseFlowRun, resumeFlowRun, runContext, task } from 'reeve'
import { withTestServer } from 'reeve/testing'
import { z } from 'zod'

const remind = task(
  (customer: string) => {
    const { runCount } = runContext().taskRun!
    log.info(`reminder ${runCount} to ${customer}`)
    if (runCount < 3) throw new Error('not paid yet')
    return 'paid'
  },
  { name: 'remind', retries: 3, retryDelaySeconds: 7 * 24 * 3600 },
)

const collect = flow((customer: string) => remind(customer), { name: 'collect' })

test('a reminder is sent every week until the customer pays', () =>
  withTestServer(async (server) => {
    const run = collect.submit('Ada')
    await server.advance('13 days')
    await server.expectStates(run, ['Pending', 'Running'])
    await server.advance('1 day')
    equal(await run, 'paid')
    await server.expectLogs(run, ['reminder 1 to Ada', 'reminder 2 to Ada', 'reminder 3 to Ada'])
  }))

test('delays are skipped when the result is awaited', () =>
  withTestServer(
    async (server) => {
      equal(await collect('Grace'), 'paid')
      equal(server.now().toISOString().slice(0, 10), '2026-01-15')
    },
    { now: '2026-01-01' },
  ))

const approval = flow(
  async () => {
    const { approved } = await pauseFlowRun({
      input: z.object({ approved: z.boolean() }),
      timeoutSeconds: 2 * 24 * 3600,
    })
    return approved
  },
  { name: 'approval' },
)

test('an approval in time is taken', () =>
  withTestServer(async (server) => {
    const run = approval.submit()
    await server.advance('1 day')
    await resumeFlowRun(await run.runId, { approved: true })
    equal(await run, true)
  }))

test('an approval that nobody gives fails after two days', () =>
  withTestServer(async (server) => {
    const run = approval.submit()
    await server.advance('3 days')
    equal((await server.states(run)).at(-1), 'Failed')
  }))
