import { get, post, remove } from '../world.ts'
import type { Maker, World } from '../world.ts'
import { listing } from './listing.ts'
import type { Sorts } from './listing.ts'

const SORTS: Sorts = {
  NAME_ASC: ['key'],
  NAME_DESC: ['key'],
  CREATED_DESC: ['created'],
  UPDATED_DESC: ['updated'],
}
const NAMES = ['v1-@scope', 'v_2-@scope', '3-@scope']

function value(world: World) {
  const values: unknown[] = ['text', 'ü', '']
  return world.chance.pick(
    world.modern ? [...values, 1, 1.5, null, true, [1, 'a'], { a: { b: null } }] : values,
  )
}

function variables(world: World) {
  const { chance } = world
  return {
    variables: {
      name: chance.in(0.7) ? { like_: '@scope' } : { like_: '@scope', any_: chance.some(NAMES) },
      ...(chance.in(0.3) ? { id: { any_: world.ids('variable') } } : {}),
      ...(chance.in(0.4)
        ? { tags: chance.in(0.6) ? { all_: chance.some(['a', 'b']) } : { is_null_: chance.in(0.5) } }
        : {}),
    },
  }
}

function change(world: World) {
  const { chance } = world
  return {
    ...(chance.in(0.5) ? { value: value(world) } : {}),
    ...(chance.in(0.3) ? { tags: chance.some(['a', 'b']) } : {}),
    ...(chance.in(0.3) ? { name: chance.pick(NAMES) } : {}),
  }
}

/** Operations on variables. */
export const VARIABLES: Maker[] = [
  {
    weight: 2,
    make: (world) => {
      const body = {
        name: world.chance.pick(NAMES),
        value: value(world),
        ...(world.chance.in(0.6) ? { tags: world.chance.some(['a', 'b']) } : {}),
      }
      return post('/variables/', body, { makes: { [world.make('variable')]: 'id' } })
    },
  },
  { weight: 1, make: (world) => get(`/variables/${world.id('variable')}`) },
  { weight: 1, make: (world) => get(`/variables/name/${world.chance.pick(NAMES)}`) },
  {
    weight: 0.7,
    make: (world) => ({ method: 'PATCH', path: `/variables/${world.id('variable')}`, body: change(world) }),
  },
  {
    weight: 0.7,
    make: (world) => ({
      method: 'PATCH',
      path: `/variables/name/${world.chance.pick(NAMES)}`,
      body: change(world),
    }),
  },
  { weight: 2, make: (world) => listing(world, '/variables/filter', variables(world), SORTS, 'NAME_ASC') },
  { weight: 0.7, make: (world) => post('/variables/count', variables(world)) },
  { weight: 0.4, make: (world) => remove(`/variables/${world.id('variable')}`) },
  { weight: 0.4, make: (world) => remove(`/variables/name/${world.chance.pick(NAMES)}`) },
]
