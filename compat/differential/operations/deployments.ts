import { get, post, remove } from '../world.ts'
import type { Maker, World } from '../world.ts'
import { joined } from './filters.ts'
import { stateOf } from './states.ts'

function deployment(world: World) {
  const { chance } = world
  return {
    name: chance.pick(['e1-@scope', 'e2-@scope']),
    flow_id: world.id('flow'),
    ...(chance.in(0.6) ? { concurrency_limit: chance.pick([0, 1, 1, 2, null]) } : {}),
    ...(chance.in(0.3)
      ? { concurrency_options: { collision_strategy: chance.pick(['CANCEL_NEW', 'ENQUEUE']) } }
      : {}),
    ...(chance.in(0.3) ? { paused: chance.in(0.5) } : {}),
    ...(chance.in(0.3) ? { parameters: { x: 0, w: 'of the deployment' } } : {}),
    ...(chance.in(0.2) ? { labels: { team: 'd' } } : {}),
    ...(chance.in(0.2) ? { version: 'v7' } : {}),
  }
}

function run(world: World) {
  const { chance } = world
  const body = {
    name: `r${world.all('run').length + 1}-@scope`,
    // The order in which tags of both come together is chance.
    tags: ['@scope'],
    ...(chance.in(0.3) ? { state: stateOf(world, { data: false }) } : {}),
    ...(chance.in(0.4) ? { parameters: { x: 1 } } : {}),
    ...(chance.in(0.3) ? { idempotency_key: chance.pick(['i1', 'i2']) } : {}),
    ...(chance.in(0.3) ? { job_variables: chance.pick([{}, { image: 'a' }, null]) } : {}),
    ...(chance.in(0.2) ? { labels: { run: 'y' } } : {}),
  }
  return post(`/deployments/${world.id('deployment')}/create_flow_run`, body, {
    makes: { [world.make('run')]: 'id' },
  })
}

/** Runs of deployments, with the limits on how many of them there may be at a time. */
export const DEPLOYMENTS: Maker[] = [
  {
    weight: 2,
    make: (world) =>
      post('/deployments/', deployment(world), { makes: { [world.make('deployment')]: 'id' } }),
  },
  { weight: 4, make: (world) => (world.any('deployment') ? run(world) : undefined) },
  {
    weight: 5,
    make: (world) => {
      const type = world.chance.pick(['PENDING', 'PENDING', 'RUNNING', 'COMPLETED'])
      const makes = { [world.make('state')]: 'state.id' }
      return post(`/flow_runs/${world.id('run')}/set_state`, { state: { type } }, { makes })
    },
  },
  {
    weight: 1,
    make: (world) => ({
      method: 'PATCH',
      path: `/flow_runs/${world.id('run')}`,
      body: { job_variables: world.chance.pick<unknown>([{ image: 'c' }, {}, null]) },
    }),
  },
  { weight: 1, make: (world) => get(`/deployments/${world.id('deployment')}`) },
  {
    weight: 1,
    make: (world) =>
      post('/deployments/count', {
        ...joined(world, 'flows'),
        deployments: { name: { like_: 'e1-@scope' } },
      }),
  },
  { weight: 0.3, make: (world) => remove(`/deployments/${world.id('deployment')}`) },
]
