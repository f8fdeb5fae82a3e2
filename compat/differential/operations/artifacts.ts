import { get, post, remove } from '../world.ts'
import type { Maker, World } from '../world.ts'
import { joined } from './filters.ts'
import type { Criteria } from './filters.ts'
import { listing } from './listing.ts'
import type { Sorts } from './listing.ts'

const SORTS: Sorts = { ID_DESC: [], CREATED_DESC: ['created'], UPDATED_DESC: ['updated'] }
const COLLECTION_SORTS: Sorts = { ...SORTS, KEY_ASC: ['key'], KEY_DESC: ['key'] }
const KEYS = ['key-@scope', 'k2-@scope']

function artifact(world: World) {
  const { chance } = world
  return {
    ...(chance.in(0.9) ? { key: chance.pick(KEYS) } : {}),
    ...(chance.in(0.8) ? { type: chance.pick(['markdown', 'table', 'result', 'progress']) } : {}),
    ...(chance.in(0.8) ? { data: chance.pick<unknown>(['# text', 1, { a: 1 }, [1], null, 0.5]) } : {}),
    ...(chance.in(0.3) ? { description: 'd' } : {}),
    ...(chance.in(0.3) ? { metadata_: { a: 'b' } } : {}),
    ...(chance.in(0.6) ? { flow_run_id: world.id('run') } : {}),
    ...(chance.in(0.3) ? { task_run_id: world.id('task') } : {}),
  }
}

function filters(world: World): Criteria {
  const { chance } = world
  const { flows: _flows, flow_runs, task_runs } = joined(world, 'task_runs')
  return {
    artifacts: {
      key: {
        like_: '@scope',
        ...(chance.in(0.2) ? { exists_: chance.in(0.8) } : {}),
        ...(chance.in(0.3) ? { any_: chance.some(KEYS) } : {}),
      },
      ...(chance.in(0.3)
        ? {
            type: chance.pick<unknown>([
              { any_: ['markdown', 'result'] },
              { not_any_: ['result'] },
              { not_any_: [] },
            ]),
          }
        : {}),
      ...(chance.in(0.2) ? { flow_run_id: { any_: world.ids('run') } } : {}),
      ...(chance.in(0.2) ? { task_run_id: { any_: world.ids('task') } } : {}),
    },
    ...(chance.in(0.15) ? { flow_runs } : {}),
    ...(chance.in(0.1) ? { task_runs } : {}),
  }
}

/** Operations on artifacts, among them those that states leave. */
export const ARTIFACTS: Maker[] = [
  {
    weight: 2,
    make: (world) => post('/artifacts/', artifact(world), { makes: { [world.make('artifact')]: 'id' } }),
  },
  { weight: 1, make: (world) => get(`/artifacts/${world.id('artifact')}`) },
  { weight: 1, make: (world) => get(`/artifacts/${world.chance.pick(KEYS)}/latest`) },
  {
    weight: 0.7,
    make: (world) => ({
      method: 'PATCH',
      path: `/artifacts/${world.id('artifact')}`,
      body: world.chance.pick<unknown>([
        { data: 'new' },
        { description: 'new' },
        { metadata_: { c: 'd' } },
        {},
        { data: null },
      ]),
    }),
  },
  { weight: 2, make: (world) => listing(world, '/artifacts/filter', filters(world), SORTS, 'ID_DESC') },
  {
    weight: 1,
    make: (world) => listing(world, '/artifacts/latest/filter', filters(world), COLLECTION_SORTS, 'ID_DESC'),
  },
  { weight: 0.5, make: (world) => post('/artifacts/count', filters(world)) },
  { weight: 0.5, make: (world) => post('/artifacts/latest/count', filters(world)) },
  { weight: 0.5, make: (world) => remove(`/artifacts/${world.id('artifact')}`) },
]
