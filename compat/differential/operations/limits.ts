import { get, post, remove } from '../world.ts'
import type { Maker, World } from '../world.ts'

const NAMES = ['l1-@scope', 'l2-@scope', 'l3-@scope']
// Task runs carry these tags, so that a limit on one of them holds task runs back.
const TAGS = ['@scope', 't2-@scope']

const named = (world: World) =>
  world.any('limit') && world.chance.in(0.3) ? world.id('limit') : world.chance.pick(NAMES)

function names(world: World) {
  return [...world.chance.some(NAMES, 0.5), ...(world.chance.in(0.2) ? ['tag:@scope'] : [])]
}

function create(world: World) {
  const { chance } = world
  const body = {
    name: chance.pick(NAMES),
    limit: chance.pick([0, 1, 2, 5]),
    ...(chance.in(0.15) ? { active: false } : {}),
    ...(chance.in(0.2) ? { active_slots: chance.below(3) } : {}),
    ...(chance.in(0.15) ? { denied_slots: 1 } : {}),
    // Slots fall back within a sequence only when the rate is of the size of its length: this one is not.
    ...(chance.in(0.2) ? { slot_decay_per_second: 0.0001 } : {}),
  }
  return post('/v2/concurrency_limits/', body, { makes: { [world.make('limit')]: 'id' } })
}

function change(world: World) {
  const { chance } = world
  return chance.pick<unknown>([
    { limit: chance.below(4) },
    { active: chance.in(0.5) },
    { active_slots: 1 },
    { denied_slots: 0 },
    {},
    { slot_decay_per_second: 0.0001 },
  ])
}

function slots(world: World) {
  const { chance } = world
  return {
    names: names(world),
    slots: chance.pick([1, 1, 1, 2, 3]),
    ...(chance.in(0.2) ? { mode: chance.pick(['concurrency', 'rate_limit']) } : {}),
  }
}

function withLease(world: World) {
  const { chance } = world
  const holder = chance.in(0.5)
    ? { holder: { type: chance.pick(['task_run', 'flow_run']), id: world.id('task') } }
    : {}
  const duration = chance.in(0.3) ? { lease_duration: 600 } : {}
  const body = { ...slots(world), ...holder, ...duration }
  return post('/v2/concurrency_limits/increment-with-lease', body, {
    makes: { [world.make('lease')]: 'lease_id' },
  })
}

/** Operations on both kinds of concurrency limits. */
export const LIMITS: Maker[] = [
  { weight: 2, make: create },
  { weight: 1.5, make: (world) => get(`/v2/concurrency_limits/${named(world)}`) },
  {
    weight: 1,
    make: () => post('/v2/concurrency_limits/filter', {}, { order: ['name'], shared: true }),
  },
  {
    weight: 0.7,
    make: (world) => ({
      method: 'PATCH',
      path: `/v2/concurrency_limits/${named(world)}`,
      body: change(world),
    }),
  },
  { weight: 0.3, make: (world) => remove(`/v2/concurrency_limits/${named(world)}`) },
  { weight: 1.5, modern: true, make: (world) => post('/v2/concurrency_limits/increment', slots(world)) },
  {
    weight: 1,
    modern: true,
    make: (world) =>
      post('/v2/concurrency_limits/decrement', {
        ...slots(world),
        ...(world.chance.in(0.3) ? { occupancy_seconds: 600 } : {}),
      }),
  },
  { weight: 1.5, modern: true, make: withLease },
  {
    weight: 1,
    modern: true,
    make: (world) => post('/v2/concurrency_limits/decrement-with-lease', { lease_id: world.id('lease') }),
  },
  {
    weight: 0.5,
    modern: true,
    make: (world) =>
      post(
        `/v2/concurrency_limits/leases/${world.id('lease')}/renew`,
        world.chance.in(0.5) ? { lease_duration: 600 } : {},
      ),
  },
  {
    weight: 1.5,
    make: (world) =>
      post(
        '/concurrency_limits/',
        { tag: world.chance.pick(TAGS), concurrency_limit: world.chance.pick([0, 1, 1, 2]) },
        { makes: { [world.make('tagLimit')]: 'id' } },
      ),
  },
  { weight: 1, make: (world) => get(`/concurrency_limits/tag/${world.chance.pick(TAGS)}`) },
  { weight: 0.7, make: (world) => get(`/concurrency_limits/${world.id('tagLimit')}`) },
  { weight: 0.7, make: () => post('/concurrency_limits/filter', {}, { shared: true }) },
  {
    weight: 0.5,
    make: (world) =>
      post(
        `/concurrency_limits/tag/${world.chance.pick(TAGS)}/reset`,
        world.chance.in(0.5) ? { slot_override: world.ids('task') } : {},
      ),
  },
  {
    weight: 0.8,
    modern: true,
    make: (world) =>
      post('/concurrency_limits/increment', {
        names: world.chance.some(TAGS, 0.6),
        task_run_id: world.id('task'),
      }),
  },
  {
    weight: 0.8,
    modern: true,
    make: (world) =>
      post('/concurrency_limits/decrement', {
        names: world.chance.some(TAGS, 0.6),
        task_run_id: world.id('task'),
      }),
  },
  { weight: 0.3, make: (world) => remove(`/concurrency_limits/tag/${world.chance.pick(TAGS)}`) },
  { weight: 0.2, make: (world) => remove(`/concurrency_limits/${world.id('tagLimit')}`) },
]
