import type { World } from '../world.ts'

export type Criteria = { [key: string]: unknown }

const STATE_TYPES = [
  'SCHEDULED',
  'PENDING',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'PAUSED',
  'CRASHED',
]
const STATE_NAMES = [
  'Scheduled',
  'Pending',
  'Running',
  'Completed',
  'Failed',
  'Late',
  'AwaitingRetry',
  'Custom',
]

/** The criteria chosen among these, with an operator at times. */
function criteria(world: World, makers: { [key: string]: () => unknown }, operator: boolean): Criteria {
  const { chance } = world
  const keys = Object.keys(makers)
  const chosen = new Set(Array.from({ length: chance.pick([1, 1, 1, 2, 2, 3]) }, () => chance.pick(keys)))
  const filter: Criteria = Object.fromEntries(
    [...chosen].map((key) => [key, chance.in(0.04) ? null : makers[key]?.()]),
  )
  if (operator && chance.in(0.35)) filter['operator'] = chance.pick(['or_', 'or_', 'and_'])
  return filter
}

const maybe = (world: World, filter: Criteria): Criteria => (world.chance.in(0.04) ? {} : filter)

function ids(world: World, kind: Parameters<World['ids']>[0], not = world.modern): Criteria {
  return maybe(
    world,
    criteria(
      world,
      { any_: () => world.ids(kind), ...(not ? { not_any_: () => world.ids(kind) } : {}) },
      false,
    ),
  )
}

function names(world: World, made: string[]): Criteria {
  const like = () => world.chance.pick(['1-@scope', 'R', '_-', '%', '', 'F2', 'ü', 'É'])
  return maybe(world, criteria(world, { any_: () => world.chance.some(made), like_: like }, false))
}

function tags(world: World, any = world.modern): Criteria {
  const { chance } = world
  const list = () => chance.some(['@scope', 'a', 'b', 'A', 'ü'], 0.3)
  const makers = { all_: list, is_null_: () => chance.in(0.5), ...(any ? { any_: list } : {}) }
  return maybe(world, criteria(world, makers, true))
}

function span(world: World, nullable: boolean): Criteria {
  const makers = { before_: () => world.moment(), after_: () => world.moment() }
  return maybe(
    world,
    criteria(world, nullable ? { ...makers, is_null_: () => world.chance.in(0.5) } : makers, false),
  )
}

function state(world: World, not: boolean): Criteria {
  const of = (values: string[]) => () => {
    const list = world.chance.some(values, 0.3)
    return not && world.chance.in(0.3) ? { not_any_: list } : { any_: list }
  }
  return maybe(world, criteria(world, { type: of(STATE_TYPES), name: of(STATE_NAMES) }, true))
}

const orNull = (world: World, any: () => unknown): Criteria =>
  maybe(world, criteria(world, { any_: any, is_null_: () => world.chance.in(0.5) }, true))

export function flowFilter(world: World): Criteria {
  const makers = {
    id: () => ids(world, 'flow'),
    name: () => names(world, ['f1-@scope', 'f2-@scope', 'F3-@scope']),
    tags: () => tags(world, false),
    deployment: () => criteria(world, { is_null_: () => world.chance.in(0.5) }, true),
  }
  return criteria(world, makers, true)
}

export function flowRunFilter(world: World): Criteria {
  const { chance, modern } = world
  const keys = () => chance.some(['i1', 'i2', 'i3'])
  const makers = {
    id: () => ids(world, 'run', true),
    name: () => names(world, ['r1-@scope', 'r2-@scope', 'R3-@scope']),
    tags: () => tags(world),
    state: () => state(world, modern),
    deployment_id: () => orNull(world, () => [world.someUuid()]),
    work_queue_name: () => orNull(world, () => ['default']),
    flow_version: () => ({ any_: chance.some(['v1', 'v2']) }),
    start_time: () => span(world, true),
    expected_start_time: () => span(world, false),
    next_scheduled_start_time: () => span(world, false),
    parent_flow_run_id: () => criteria(world, { any_: () => world.ids('run') }, true),
    parent_task_run_id: () => orNull(world, () => world.ids('task')),
    idempotency_key: () => criteria(world, { any_: keys, not_any_: keys }, false),
  }
  const newer = {
    end_time: () => span(world, true),
    created_by: () => criteria(world, { type_: () => ['SCHEDULE'], is_null_: () => chance.in(0.5) }, true),
  }
  return criteria(world, modern ? { ...makers, ...newer } : makers, true)
}

function taskRunFilter(world: World): Criteria {
  const { chance, modern } = world
  const makers = {
    id: () => ids(world, 'task', false),
    name: () => names(world, ['t1-@scope', 't2-@scope', 'T3-@scope']),
    tags: () => tags(world, false),
    state: () => state(world, false),
    start_time: () => span(world, true),
    subflow_runs: () => criteria(world, { exists_: () => chance.in(0.5) }, false),
    flow_run_id: () =>
      criteria(
        world,
        {
          any_: () => world.ids('run'),
          is_null_: () => chance.pick(modern ? [true, false, null] : [true, false]),
        },
        true,
      ),
  }
  const newer = { end_time: () => span(world, true), expected_start_time: () => span(world, false) }
  return criteria(world, modern ? { ...makers, ...newer } : makers, true)
}

export function logFilter(world: World): Criteria {
  const { chance, modern } = world
  const level = () => chance.pick([10, 20, 30, 40])
  const query = () => ({
    query: chance.pick(['m', '"m one"', '-two', '!one +m', 'one -', '', '%', 'M ONE "two', 'a"b c"']),
  })
  const makers = {
    level: () => criteria(world, { ge_: level, le_: level }, false),
    timestamp: () => span(world, false),
    flow_run_id: () => ({ any_: world.ids('run') }),
    task_run_id: () =>
      criteria(
        world,
        { any_: () => world.ids('task'), ...(modern ? { is_null_: () => chance.in(0.5) } : {}) },
        false,
      ),
  }
  return criteria(world, modern ? { ...makers, text: query } : makers, false)
}

/** Filters of the three run nouns for a request about `noun`, which keep to the rows of the sequence. */
export function joined(world: World, noun: 'flows' | 'flow_runs' | 'task_runs'): Criteria {
  const { chance } = world
  const own = { flows: flowFilter, flow_runs: flowRunFilter, task_runs: taskRunFilter }
  const filters: Criteria = {}
  if (chance.in(0.75)) filters[noun] = own[noun](world)
  for (const other of Object.keys(own) as (keyof typeof own)[]) {
    if (other !== noun && chance.in(0.15)) filters[other] = own[other](world)
  }
  if (chance.in(0.03)) filters['deployments'] = chance.pick([{}, null, { paused: { eq_: false } }])
  const scope = {
    flows: { name: { like_: '@scope' } },
    flow_runs: { tags: { all_: ['@scope'] } },
    task_runs: { tags: { all_: ['@scope'] } },
  }
  // An `or_` inside the noun's own filter would let the rows of others in: another noun holds the scope.
  const keeper =
    noun === 'flows'
      ? chance.pick(['flows', 'flow_runs'] as const)
      : noun === 'flow_runs'
        ? 'flows'
        : chance.pick(['flow_runs', 'task_runs'] as const)
  if (keeper === noun && (filters[noun] as Criteria | undefined)?.['operator'] === 'or_') {
    filters[noun] = { ...(filters[noun] as Criteria), operator: 'and_' }
  }
  if (keeper === noun) filters[noun] = merged(filters[noun], scope[keeper])
  else filters[keeper] = scope[keeper]
  return filters
}

// The scope takes the place of the criterion of the same field.
function merged(filter: unknown, scope: Criteria): Criteria {
  return { ...(filter as Criteria | undefined), ...scope }
}
