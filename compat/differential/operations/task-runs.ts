import { get, post, remove } from '../world.ts'
import type { Maker, World } from '../world.ts'
import { joined } from './filters.ts'
import { history } from './flow-runs.ts'
import { listing, paging } from './listing.ts'
import type { Sorts } from './listing.ts'
import { stateOf } from './states.ts'

const SORTS: Sorts = {
  ID_DESC: ['id'],
  EXPECTED_START_TIME_ASC: ['expected_start_time'],
  EXPECTED_START_TIME_DESC: ['expected_start_time'],
  NAME_ASC: ['name'],
  NAME_DESC: ['name'],
  NEXT_SCHEDULED_START_TIME_ASC: ['next_scheduled_start_time'],
  END_TIME_DESC: ['end_time'],
}

function policy(world: World) {
  const { chance } = world
  return {
    ...(chance.in(0.8) ? { retries: chance.below(3) } : {}),
    ...(chance.in(0.6) ? { retry_delay: chance.pick<unknown>([0, 600, [600, 1200], null]) } : {}),
    ...(world.modern && chance.in(0.1) ? { retry_jitter_factor: 0 } : {}),
  }
}

function inputs(world: World) {
  const { chance } = world
  const task = () => ({ input_type: 'task_run', id: world.id('task') })
  return {
    x: chance.in(0.7) ? [task()] : [],
    ...(chance.in(0.3) ? { wait_for: [task()] } : {}),
    ...(chance.in(0.2)
      ? {
          p: [
            { input_type: 'parameter', name: 'n' },
            { input_type: 'constant', type: 'int' },
          ],
        }
      : {}),
  }
}

export function createTaskRun(world: World) {
  const { chance } = world
  const background = chance.in(0.15)
  const body = {
    // ID_DESC is only told in advance when the client chooses the ids.
    ...(world.modern ? { id: world.uuid() } : {}),
    flow_run_id: background ? null : world.id('run'),
    task_key: chance.pick(['k1-@scope', 'k2-@scope']),
    dynamic_key: chance.in(0.25) ? 'same' : `${world.all('task').length}`,
    name: `${chance.pick(['t', 'T', 'é'])}${world.all('task').length + 1}-@scope`,
    tags: world.tags(),
    ...(chance.in(0.3) ? { state: stateOf(world, { data: false }) } : {}),
    ...(chance.in(0.4) ? { empirical_policy: policy(world) } : {}),
    ...(chance.in(0.4) ? { task_inputs: inputs(world) } : {}),
    ...(chance.in(0.2) ? { cache_key: 'ck1-@scope', cache_expiration: world.moment() } : {}),
    ...(chance.in(0.2) ? { task_version: 'v1' } : {}),
    ...(world.modern && chance.in(0.2) ? { labels: { task: 1 } } : {}),
  }
  return post('/task_runs/', body, { makes: { [world.make('task')]: 'id' } })
}

function setState(world: World) {
  const force = world.chance.in(0.25) ? { force: world.chance.in(0.8) } : {}
  const makes = { [world.make('state')]: 'state.id' }
  return post(`/task_runs/${world.id('task')}/set_state`, { state: stateOf(world), ...force }, { makes })
}

/** Operations on task runs. */
export const TASK_RUNS: Maker[] = [
  { weight: 8, make: createTaskRun },
  { weight: 16, make: setState },
  { weight: 5, make: (world) => get(`/task_runs/${world.id('task')}`) },
  {
    weight: 1,
    make: (world) => ({
      method: 'PATCH',
      path: `/task_runs/${world.id('task')}`,
      body: world.chance.in(0.7) ? { name: 'renamed1-@scope' } : {},
    }),
  },
  {
    weight: 7,
    make: (world) =>
      listing(
        world,
        '/task_runs/filter',
        joined(world, 'task_runs'),
        world.modern ? SORTS : { ...SORTS, ID_DESC: [] },
        'ID_DESC',
      ),
  },
  {
    weight: 2,
    modern: true,
    make: (world) => paging(world, '/task_runs/paginate', joined(world, 'task_runs'), SORTS, 'ID_DESC'),
  },
  { weight: 2, make: (world) => post('/task_runs/count', joined(world, 'task_runs')) },
  {
    weight: 1,
    make: (world) => post('/task_runs/history', { ...history(world), ...joined(world, 'task_runs') }),
  },
  { weight: 1, make: (world) => post('/ui/task_runs/count', joined(world, 'task_runs')) },
  {
    weight: 1,
    make: (world) => {
      const filters = joined(world, 'task_runs')
      const start_time = world.chance.in(0.05) ? {} : { after_: '@now-3600', before_: '@now+3600' }
      return post('/ui/task_runs/dashboard/counts', {
        ...filters,
        task_runs: { ...(filters['task_runs'] as object | undefined), start_time },
      })
    },
  },
  { weight: 2, make: (world) => get(`/task_run_states/?task_run_id=${world.id('task')}`) },
  { weight: 1, make: (world) => get(`/task_run_states/${world.id('state')}`) },
  { weight: 0.7, make: (world) => remove(`/task_runs/${world.id('task')}`) },
  { weight: 0.5, modern: true, make: (world) => get(`/ui/task_runs/${world.id('task')}`) },
]
