import { get, post, remove } from '../world.ts'
import type { Maker } from '../world.ts'

const KEYS = ['in-schema', 'in-response', 'in-other', 'x-1']
const SCHEMA = JSON.stringify({ type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] })

/** Operations on flow run inputs and saved searches. */
export const INPUTS: Maker[] = [
  {
    weight: 1.5,
    make: (world) => {
      const { chance } = world
      const sender = chance.in(0.3) ? { sender: 'prefect.flow-run.@id(run1)' } : {}
      const value = chance.pick(['"v"', SCHEMA, 'not json'])
      return post(`/flow_runs/${world.id('run')}/input`, { key: chance.pick(KEYS), value, ...sender })
    },
  },
  { weight: 1, make: (world) => get(`/flow_runs/${world.id('run')}/input/${world.chance.pick(KEYS)}`) },
  {
    weight: 1,
    make: (world) => {
      const { chance } = world
      const limit = chance.in(0.6) ? { limit: chance.pick([0, 1, 2, 200]) } : {}
      const exclude = chance.in(0.3) ? { exclude_keys: chance.some(KEYS) } : {}
      const body = { prefix: chance.pick(['in-', 'x', '', 'in-s', '%']), ...limit, ...exclude }
      return post(`/flow_runs/${world.id('run')}/input/filter`, body, { order: ['created'] })
    },
  },
  { weight: 0.5, make: (world) => remove(`/flow_runs/${world.id('run')}/input/${world.chance.pick(KEYS)}`) },
  {
    weight: 0.6,
    make: (world) => {
      const filters = [{ object: 'flow', property: 'name', type: 'string', operation: 'equals', value: 1 }]
      const body = {
        name: world.chance.pick(['s1-@scope', 's2-@scope']),
        ...(world.chance.in(0.7) ? { filters } : {}),
      }
      return { method: 'PUT', path: '/saved_searches/', body, makes: { [world.make('search')]: 'id' } }
    },
  },
  { weight: 0.4, make: (world) => get(`/saved_searches/${world.id('search')}`) },
  { weight: 0.4, make: () => post('/saved_searches/filter', {}, { order: ['name'], shared: true }) },
  { weight: 0.2, make: (world) => remove(`/saved_searches/${world.id('search')}`) },
]
