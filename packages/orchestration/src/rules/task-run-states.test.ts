import type { StateType } from '@reeve/schemas/state-type'
import { describe, expect, it } from 'vitest'
import { brief, judgeTask } from '../../tests/judge.ts'
import { CLIENT_2_20, makeCurrent, makeState, makeTaskFacts, makeTaskRun } from '../../tests/make.ts'
import { decideTaskTransition } from '../decide.ts'
import { coreTaskPolicy } from '../policies/core-task.ts'
import { enqueueBackgroundTasks } from './enqueue-background-tasks.ts'
import { handleTaskTerminalTransitions } from './handle-task-terminal-transitions.ts'
import { insertIntoCache } from './insert-into-cache.ts'
import { preventTasksOfStoppedFlows } from './prevent-tasks-of-stopped-flows.ts'
import { renameReruns } from './rename-reruns.ts'
import { retrieveCachedState } from './retrieve-cached-state.ts'
import { trackFlowAttempt } from './track-flow-attempt.ts'

const running = makeState('RUNNING')

describe('a task run that has ended', () => {
  it.each<StateType>(['CANCELLING', 'PAUSED', 'CRASHED'])('cannot become %s', (type) => {
    const facts = makeTaskFacts({ current: makeCurrent('COMPLETED') })
    expect(judgeTask(handleTaskTerminalTransitions, facts, makeState(type)).status).toBe('ABORT')
  })

  it.each([
    [null, 'ACCEPT RUNNING Running'],
    [{ type: 'unpersisted' }, 'ACCEPT RUNNING Running'],
    [{}, 'ACCEPT RUNNING Running'],
    [{ storage_key: 'key' }, 'REJECT keep'],
    [{ type: 'reference' }, 'REJECT keep'],
    ['text', 'REJECT keep'],
  ])('with the data %j runs again: %s', (data, expected) => {
    const facts = makeTaskFacts({ current: makeCurrent('COMPLETED', { data }) })
    expect(brief(judgeTask(handleTaskTerminalTransitions, facts, running))).toBe(expected)
  })

  it('starts to count its attempts anew', () => {
    const facts = makeTaskFacts({ run: makeTaskRun({ run_count: 3 }), current: makeCurrent('FAILED') })
    expect(decideTaskTransition(coreTaskPolicy, facts, running).patch.run_count).toBe(1)
    expect(decideTaskTransition(coreTaskPolicy, facts, makeState('PENDING')).patch.run_count).toBe(0)
    expect(
      decideTaskTransition(coreTaskPolicy, facts, makeState('COMPLETED')).patch.run_count,
    ).toBeUndefined()
  })

  it('keeps its count when another rule stops it', () => {
    const run = makeTaskRun({ run_count: 3, flow_run_id: 'flow' })
    const parent = { run_count: 1, state: makeState('COMPLETED') }
    const facts = makeTaskFacts({ run, parent, current: makeCurrent('FAILED') })
    const decision = decideTaskTransition(coreTaskPolicy, facts, running)
    expect(decision).toMatchObject({ status: 'ABORT', patch: {} })
  })

  it.each([
    [1, 2, 'Retrying'],
    [2, 2, 'Running'],
  ])('of attempt %d of its flow run, in attempt %d, is %s', (flow_run_run_count, run_count, name) => {
    const run = makeTaskRun({ flow_run_id: 'flow', flow_run_run_count })
    const parent = { run_count, state: makeState('RUNNING') }
    const facts = makeTaskFacts({ run, parent, current: makeCurrent('FAILED') })
    expect(decideTaskTransition(coreTaskPolicy, facts, running).state?.name).toBe(name)
  })
})

describe('a task of a flow run', () => {
  it.each<[StateType | null, string]>([
    ['RUNNING', 'ACCEPT RUNNING Running'],
    ['PAUSED', 'REJECT PAUSED NotReady'],
    ['PENDING', 'ABORT'],
    ['CANCELLING', 'ABORT'],
    ['FAILED', 'ABORT'],
    [null, 'ABORT'],
  ])('that is %s: %s', (type, expected) => {
    const parent = { run_count: 1, state: type && makeState(type) }
    expect(brief(judgeTask(preventTasksOfStoppedFlows, makeTaskFacts({ parent }), running))).toBe(expected)
  })

  it('pauses for as long as its flow run', () => {
    const state_details = { pause_timeout: '2027-01-01T00:00:00Z', pause_reschedule: true }
    const parent = { run_count: 1, state: makeState('PAUSED', { state_details }) }
    const { state } = judgeTask(preventTasksOfStoppedFlows, makeTaskFacts({ parent }), running)
    expect(state?.state_details).toEqual(state_details)
  })

  it('remembers the attempt in which it runs', () => {
    const run = makeTaskRun({ flow_run_id: 'flow' })
    const parent = { run_count: 4, state: makeState('RUNNING') }
    const { patch } = judgeTask(trackFlowAttempt, makeTaskFacts({ run, parent }), running)
    expect(patch).toEqual({ flow_run_run_count: 4 })
  })
})

describe('a task that runs once more', () => {
  it.each([
    [0, 'AwaitingRetry', 'Running'],
    [1, 'AwaitingRetry', 'Retrying'],
    [1, 'Running', 'Rerunning'],
  ])('after %d attempts, from %s, is %s', (run_count, from, name) => {
    const current = makeCurrent('SCHEDULED', { name: from })
    const facts = makeTaskFacts({ run: makeTaskRun({ run_count }), current })
    expect(judgeTask(renameReruns, facts, running).state?.name).toBe(name)
  })
})

describe('the cache', () => {
  const cached = makeCurrent('COMPLETED', {
    name: 'Done',
    data: { storage_key: 'key' },
    message: 'told',
    state_details: { cache_key: 'key', task_run_id: 'other' },
  })
  const keyed = (refresh_cache: boolean | null) =>
    makeState('RUNNING', { state_details: { cache_key: 'key', refresh_cache } })

  it('answers with a copy of the state that its key stands for', () => {
    const { state, status } = judgeTask(retrieveCachedState, makeTaskFacts({ cached }), keyed(null))
    expect(status).toBe('REJECT')
    const { id, timestamp } = running
    expect(state).toEqual({ ...cached, id, timestamp, name: 'Cached' })
  })

  it.each([
    ['a refresh is asked for', makeTaskFacts({ cached }), keyed(true)],
    ['nothing is stored', makeTaskFacts(), keyed(false)],
    ['there is no key', makeTaskFacts({ cached }), running],
  ])('does not answer when %s', (_, facts, proposal) => {
    expect(judgeTask(retrieveCachedState, facts, proposal).status).toBe('ACCEPT')
  })

  const done = (cache_key: string) =>
    makeState('COMPLETED', { state_details: { cache_key, cache_expiration: '2027-01-01T00:00:00Z' } })
  const insertion = (cache_key: string) => ({
    type: 'insert-cache',
    cache_key,
    cache_expiration: '2027-01-01T00:00:00Z',
  })

  it('stores a completed state by its key', () => {
    expect(judgeTask(insertIntoCache, makeTaskFacts(), done('key')).effects).toEqual([insertion('key')])
    expect(judgeTask(insertIntoCache, makeTaskFacts(), makeState('COMPLETED')).effects).toEqual([])
  })

  it('says no to a key that is too long in 3.8, and stores it all the same', () => {
    const long = 'k'.repeat(2001)
    const decision = judgeTask(insertIntoCache, makeTaskFacts(), done(long))
    expect(brief(decision)).toBe('REJECT COMPLETED Completed')
    expect(decision.effects).toEqual([insertion(long)])
    const older = makeTaskFacts({ client: CLIENT_2_20 })
    expect(judgeTask(insertIntoCache, older, done(long)).status).toBe('ACCEPT')
    expect(judgeTask(insertIntoCache, makeTaskFacts(), done('🔑'.repeat(2000))).status).toBe('ACCEPT')
  })
})

describe('a scheduled task is put on a queue', () => {
  it.each([
    ['deferred', 'Scheduled', true, [{ type: 'enqueue-task-run', queue: 'scheduled' }]],
    ['deferred, to be tried again', 'AwaitingRetry', true, [{ type: 'enqueue-task-run', queue: 'retry' }]],
    ['not deferred', 'Scheduled', false, []],
  ])('when it is %s', (_, name, deferred, expected) => {
    const scheduled = makeState('SCHEDULED', { name, state_details: { deferred } })
    expect(judgeTask(enqueueBackgroundTasks, makeTaskFacts(), scheduled).effects).toEqual(expected)
  })

  it('in 2.20, when it belongs to no flow run', () => {
    const facts = makeTaskFacts({ client: CLIENT_2_20 })
    expect(judgeTask(enqueueBackgroundTasks, facts, makeState('SCHEDULED')).effects).toHaveLength(1)
    const owned = { ...facts, run: makeTaskRun({ flow_run_id: 'flow' }) }
    expect(judgeTask(enqueueBackgroundTasks, owned, makeState('SCHEDULED')).effects).toEqual([])
  })
})
