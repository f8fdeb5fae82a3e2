import { describe, expect, it } from 'vitest'
import { brief, judgeTask } from '../../tests/judge.ts'
import {
  CLIENT_2_20,
  makeCurrent,
  makeLimit,
  makeState,
  makeTaskFacts,
  makeTaskRun,
} from '../../tests/make.ts'
import { decideTaskTransition } from '../decide.ts'
import { coreTaskPolicy } from '../policies/core-task.ts'
import type { Limit, TaskFacts } from '../types.ts'
import { releaseTagSlots } from './release-tag-slots.ts'
import { secureTagSlots } from './secure-tag-slots.ts'

const limitOf = (name: string, limit: number, active_slots: number, fields: Partial<Limit> = {}) =>
  makeLimit({ id: name, name: `tag:${name}`, limit, active_slots, ...fields })
const judge = (tag_limits: Limit[], fields: Partial<TaskFacts> = {}) =>
  judgeTask(secureTagSlots, makeTaskFacts({ tag_limits, ...fields }), makeState('RUNNING'))

describe('a task that starts', () => {
  it('takes a slot of each limit on its tags, for as long as it runs', () => {
    expect(judge([limitOf('a', 1, 0), limitOf('b', 5, 4)]).effects).toEqual([
      {
        type: 'take-slots',
        limit_ids: ['a', 'b'],
        lease_id: 'new-lease',
        ttl_seconds: 3_153_600_000,
        holder: { type: 'task_run', id: 'task-run' },
      },
    ])
  })

  it('takes one slot for a tag that it has twice', () => {
    expect(judge([limitOf('a', 1, 0), limitOf('a', 1, 0)]).effects).toMatchObject([{ limit_ids: ['a'] }])
  })

  it('takes none when one of them is full', () => {
    const decision = judge([limitOf('a', 1, 0), limitOf('b', 5, 5)])
    expect(decision.status).toBe('WAIT')
    expect(decision.effects).toEqual([])
  })

  it('is refused when one of them is zero, however full the others', () => {
    expect(judge([limitOf('a', 0, 0), limitOf('b', 1, 1)]).status).toBe('ABORT')
    expect(judge([limitOf('b', 1, 1), limitOf('a', 0, 0)]).status).toBe('ABORT')
  })

  it('cares for no limit that is switched off', () => {
    const decision = judge([limitOf('a', 0, 0, { active: false }), limitOf('b', 1, 0)])
    expect(decision.effects).toMatchObject([{ limit_ids: ['b'] }])
    expect(judge([limitOf('a', 1, 1, { active: false })]).effects).toEqual([])
  })

  it('waits about as long as a slot of the fullest limit is held', () => {
    const slow = limitOf('slow', 10, 10, { avg_slot_occupancy_seconds: 8 })
    const quick = limitOf('quick', 10, 5, { avg_slot_occupancy_seconds: 1 })
    expect(brief(judge([quick, slow]))).toBe('WAIT 8')
    expect(brief(judge([slow, quick], { random: 0 }))).toBe('WAIT 6')
  })

  it('waits for the first of several that are as full', () => {
    const first = limitOf('first', 1, 1, { avg_slot_occupancy_seconds: 2 })
    const second = limitOf('second', 2, 2, { avg_slot_occupancy_seconds: 8 })
    expect(brief(judge([first, second]))).toBe('WAIT 2')
  })

  it('waits no longer than the settings say, and so long when nothing is known', () => {
    expect(brief(judge([limitOf('a', 1, 1, { avg_slot_occupancy_seconds: 900 })]))).toBe('WAIT 10')
    expect(brief(judge([limitOf('a', 1, 1, { avg_slot_occupancy_seconds: 0 })]))).toBe('WAIT 10')
  })

  it('waits for whole seconds, without jitter, in 2.20', () => {
    const settings = { ...makeTaskFacts().settings, tag_concurrency_slot_wait_seconds: 29.9 }
    const decision = judge([limitOf('a', 1, 1)], { client: CLIENT_2_20, settings, random: 0 })
    expect(brief(decision)).toBe('WAIT 29')
  })

  it('takes none when it has to wait for its scheduled time', () => {
    const current = makeCurrent('SCHEDULED', { state_details: { scheduled_time: '2030-01-01T00:00:00Z' } })
    const facts = makeTaskFacts({ current, tag_limits: [limitOf('a', 1, 0)] })
    const decision = decideTaskTransition(coreTaskPolicy, facts, makeState('RUNNING'))
    expect(decision.status).toBe('WAIT')
    expect(decision.effects).toEqual([])
  })
})

describe('the slots of a task', () => {
  it.each([
    ['RUNNING', false],
    ['CANCELLING', false],
    ['SCHEDULED', true],
    ['PAUSED', true],
    ['COMPLETED', true],
    ['CRASHED', true],
  ] as const)('are given back at %s: %s', (type, given) => {
    const facts = makeTaskFacts({ run: makeTaskRun({ tags: ['a'] }), tag_limits: [limitOf('a', 1, 1)] })
    const { effects } = judgeTask(releaseTagSlots, facts, makeState(type))
    expect(effects).toEqual(given ? [{ type: 'release-tag-slots', task_run_id: 'task-run' }] : [])
  })

  it('need not be looked for when no limit is on its tags', () => {
    expect(judgeTask(releaseTagSlots, makeTaskFacts(), makeState('COMPLETED')).effects).toEqual([])
  })
})
