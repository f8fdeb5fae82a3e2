import { get, post } from '../world.ts'
import type { Maker, World } from '../world.ts'
import { logFilter } from './filters.ts'
import type { Criteria } from './filters.ts'

function logs(world: World) {
  const { chance } = world
  return Array.from({ length: chance.below(4) }, (_, index) => ({
    name: chance.pick(['prefect.flow_runs', 'M']),
    level: chance.pick([10, 20, 30, 40]),
    message: `m ${chance.pick(['one', 'two', 'One, "quoted"', 'x%y'])} ${index} @scope`,
    timestamp: world.moment(),
    ...(chance.in(0.9) ? { flow_run_id: world.id('run') } : {}),
    ...(chance.in(0.4) ? { task_run_id: world.id('task') } : {}),
  }))
}

function filter(world: World) {
  const criteria: Criteria = { ...logFilter(world) }
  delete criteria['operator']
  const runs = world.all('run').map((role) => `@id(${role})`)
  return { logs: { ...criteria, flow_run_id: { any_: world.chance.in(0.7) ? runs : world.ids('run') } } }
}

/** Operations on logs. */
export const LOGS: Maker[] = [
  { weight: 3, make: (world) => post('/logs/', logs(world)) },
  {
    weight: 3,
    make: (world) => {
      const sort = world.chance.pick(['TIMESTAMP_ASC', 'TIMESTAMP_DESC', undefined])
      return post('/logs/filter', { ...filter(world), ...(sort ? { sort } : {}) }, { order: ['timestamp'] })
    },
  },
  { weight: 0.5, modern: true, make: (world) => get(`/flow_runs/${world.id('run')}/logs/download`) },
]
