import { clampedPoisson } from '../clamped-poisson.ts'
import { taskRule } from '../rule.ts'
import { ANY } from '../state-sets.ts'
import type { Limit, TaskFacts } from '../types.ts'
import { UNENDING_LEASE_SECONDS } from '../unending-lease.ts'

/** A task that runs holds one slot of each limit on its tags: all of them, or none. */
export const secureTagSlots = taskRule({
  name: 'secure-tag-slots',
  from: ANY,
  to: ['RUNNING'],
  before(transition) {
    const { facts, run } = transition
    if (facts.tag_limits.length === 0) return
    const limits = facts.tag_limits.filter(isActiveAndFirst)
    if (limits.length === 0) return
    const barred = limits.find((limit) => limit.limit === 0)
    if (barred) return transition.abort(`The limit "${barred.name}" is 0: the task would never start.`)
    const full = limits.filter((limit) => limit.active_slots + 1 > limit.limit)
    if (full.length > 0) {
      const names = full.map((limit) => limit.name).join(', ')
      return transition.wait(secondsToWait(limits, facts), `No slot is free: ${names}`)
    }
    transition.effects.push({
      type: 'take-slots',
      limit_ids: limits.map((limit) => limit.id),
      lease_id: facts.lease_id,
      ttl_seconds: UNENDING_LEASE_SECONDS,
      holder: { type: 'task_run', id: run.id },
    })
  },
  cleanup(transition) {
    transition.dropTakenSlots()
  },
})

/** A tag that a run has twice takes one slot. */
function isActiveAndFirst(limit: Limit, index: number, limits: readonly Limit[]): boolean {
  return limit.active && limits.findIndex(({ id }) => id === limit.id) === index
}

/** Waits about as long as a slot of the fullest limit is held, with jitter so that waiters spread. */
function secondsToWait(limits: readonly Limit[], { settings, client, random }: TaskFacts): number {
  const longest = settings.tag_concurrency_slot_wait_seconds
  if (client.generation === '2.20') return Math.trunc(longest)
  const load = (limit: Limit) => limit.active_slots / limit.limit
  const fullest = limits.reduce((a, b) => (load(b) > load(a) ? b : a))
  const average = Math.min(fullest.avg_slot_occupancy_seconds || longest, longest)
  return Math.round(clampedPoisson(average, random))
}
