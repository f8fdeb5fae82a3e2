import { get, post, remove } from '../world.ts'
import type { Maker, World } from '../world.ts'
import { flowFilter, joined } from './filters.ts'
import { listing, paging } from './listing.ts'

const SORTS = {
  NAME_ASC: ['name'],
  NAME_DESC: ['name'],
  CREATED_DESC: ['created'],
  UPDATED_DESC: ['updated'],
}
const NAMES = ['f1-@scope', 'f2-@scope', 'F3-@scope', 'f_4 é-@scope']

export function createFlow(world: World, name = world.chance.pick(NAMES)) {
  const { chance } = world
  const body = {
    name,
    ...(chance.in(0.8) ? { tags: world.tags() } : {}),
    ...(world.modern && chance.in(0.3) ? { labels: { team: 'x', n: 1, ok: true, f: 1.5 } } : {}),
  }
  return post('/flows/', body, { makes: { [world.make('flow')]: 'id' } })
}

/** Operations on flows. */
export const FLOWS: Maker[] = [
  { weight: 3, make: (world) => createFlow(world) },
  { weight: 2, make: (world) => get(`/flows/${world.id('flow')}`) },
  { weight: 1, make: (world) => get(`/flows/name/${world.chance.pick(NAMES)}`) },
  {
    weight: 1,
    make: (world) => ({
      method: 'PATCH',
      path: `/flows/${world.id('flow')}`,
      body: world.chance.in(0.8) ? { tags: world.tags() } : {},
    }),
  },
  { weight: 4, make: (world) => listing(world, '/flows/filter', joined(world, 'flows'), SORTS, 'NAME_ASC') },
  {
    weight: 1,
    modern: true,
    make: (world) => paging(world, '/flows/paginate', joined(world, 'flows'), SORTS, 'NAME_ASC'),
  },
  { weight: 1, make: (world) => post('/flows/count', joined(world, 'flows')) },
  { weight: 0.3, make: (world) => remove(`/flows/${world.id('flow')}`) },
  {
    weight: 0.2,
    modern: true,
    make: (world) =>
      post('/flows/bulk_delete', {
        flows: { ...flowFilter(world), operator: 'and_', name: { like_: '@scope' } },
      }),
  },
]
