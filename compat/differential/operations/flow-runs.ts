import { get, post, remove } from '../world.ts'
import type { Maker, World } from '../world.ts'
import { flowRunFilter, joined } from './filters.ts'
import { listing, paging } from './listing.ts'
import type { Sorts } from './listing.ts'
import { stateOf } from './states.ts'

const STARTED = ['start_time', 'expected_start_time']
const SORTS: Sorts = {
  ID_DESC: [],
  START_TIME_ASC: STARTED,
  START_TIME_DESC: STARTED,
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
    ...(chance.in(0.7) ? { retries: chance.below(3) } : {}),
    ...(chance.in(0.5) ? { retry_delay: chance.pick([0, 600]) } : {}),
    ...(chance.in(0.1) ? { max_retries: 2, retry_delay_seconds: 600 } : {}),
    ...(chance.in(0.1) ? { pause_keys: ['p1'], resuming: chance.in(0.5) } : {}),
  }
}

export function createFlowRun(world: World) {
  const { chance } = world
  const body = {
    flow_id: world.id('flow'),
    name: `${chance.pick(['r', 'R', 'é'])}${world.all('run').length + 1}-@scope`,
    tags: world.tags(),
    ...(chance.in(0.5) ? { state: stateOf(world, { data: false }) } : {}),
    ...(chance.in(0.4) ? { parameters: { x: 1, y: [null, 'ü', 1.5], z: { deep: true } } } : {}),
    ...(chance.in(0.4) ? { empirical_policy: policy(world) } : {}),
    ...(chance.in(0.3) ? { idempotency_key: chance.pick(['i1', 'i2']) } : {}),
    ...(chance.in(0.3) ? { flow_version: chance.pick(['v1', 'v2']) } : {}),
    ...(chance.in(0.2) ? { context: { c: 1 } } : {}),
    ...(chance.in(0.2) ? { deployment_id: world.someUuid() } : {}),
    ...(chance.in(0.2) && world.any('task') ? { parent_task_run_id: world.id('task') } : {}),
    ...(world.modern && chance.in(0.02) ? { work_pool_name: 'none-@scope' } : {}),
    ...(world.modern && chance.in(0.2) ? { labels: { run: 'y', 'prefect.flow.id': 'mine' } } : {}),
    ...(world.modern && chance.in(0.2) ? { job_variables: chance.pick([{}, { image: 'a' }, null]) } : {}),
  }
  return post('/flow_runs/', body, { makes: { [world.make('run')]: 'id' } })
}

function patch(world: World) {
  const { chance } = world
  return {
    ...(chance.in(0.3) ? { name: chance.pick(['renamed1-@scope', null]) } : {}),
    ...(chance.in(0.3) ? { tags: world.tags() } : {}),
    ...(chance.in(0.3) ? { infrastructure_pid: 'host:1' } : {}),
    ...(chance.in(0.3) ? { parameters: { changed: 1 } } : {}),
    ...(chance.in(0.2) ? { empirical_policy: policy(world) } : {}),
    ...(chance.in(0.2) ? { flow_version: chance.pick(['v3', null]) } : {}),
    ...(world.modern && chance.in(0.1) ? { job_variables: { image: 'b' } } : {}),
  }
}

export function history(world: World) {
  const { chance } = world
  return {
    history_start: chance.pick(['@now-7200', '@now-1800', '@now-300', '@now+900']),
    history_end: chance.pick(['@now+300', '@now+7200', '@now-900']),
    history_interval_seconds: chance.pick([1800, 600.5, 3600, 1200]),
  }
}

function setState(world: World) {
  const force = world.chance.in(0.25) ? { force: world.chance.in(0.8) } : {}
  const makes = { [world.make('state')]: 'state.id' }
  return post(`/flow_runs/${world.id('run')}/set_state`, { state: stateOf(world), ...force }, { makes })
}

const scopedRuns = (world: World) => ({
  ...flowRunFilter(world),
  operator: 'and_',
  tags: { all_: ['@scope'] },
})

/** Operations on flow runs. */
export const FLOW_RUNS: Maker[] = [
  { weight: 8, make: createFlowRun },
  { weight: 16, make: setState },
  { weight: 5, make: (world) => get(`/flow_runs/${world.id('run')}`) },
  {
    weight: 2,
    make: (world) => ({ method: 'PATCH', path: `/flow_runs/${world.id('run')}`, body: patch(world) }),
  },
  {
    weight: 7,
    make: (world) => listing(world, '/flow_runs/filter', joined(world, 'flow_runs'), SORTS, 'ID_DESC'),
  },
  {
    weight: 2,
    modern: true,
    make: (world) => paging(world, '/flow_runs/paginate', joined(world, 'flow_runs'), SORTS, 'ID_DESC'),
  },
  { weight: 2, make: (world) => post('/flow_runs/count', joined(world, 'flow_runs')) },
  { weight: 1.5, make: (world) => post('/flow_runs/lateness', joined(world, 'flow_runs')) },
  {
    weight: 1.5,
    make: (world) => post('/flow_runs/history', { ...history(world), ...joined(world, 'flow_runs') }),
  },
  {
    weight: 2,
    make: (world) =>
      post(
        `/flow_runs/${world.any('run') ? `@id(${world.any('run')})` : '@id(missing-run)'}/resume`,
        world.chance.in(0.3) ? { run_input: world.chance.pick([{}, { a: 1 }, null]) } : {},
      ),
  },
  { weight: 2, make: (world) => get(`/flow_run_states/?flow_run_id=${world.id('run')}`) },
  { weight: 1, make: (world) => get(`/flow_run_states/${world.id('state')}`) },
  { weight: 1, make: (world) => get(`/flow_runs/${world.id('run')}/graph-v2`) },
  { weight: 0.5, make: (world) => get(`/flow_runs/${world.id('run')}/graph`) },
  { weight: 0.7, make: (world) => remove(`/flow_runs/${world.id('run')}`) },
  {
    weight: 0.4,
    modern: true,
    make: (world) => post('/flow_runs/bulk_delete', { flow_runs: scopedRuns(world) }),
  },
  {
    weight: 1,
    modern: true,
    make: (world) =>
      post('/flow_runs/bulk_set_state', {
        flow_runs: scopedRuns(world),
        state: stateOf(world, { data: false }),
        ...(world.chance.in(0.3) ? { force: true } : {}),
      }),
  },
  {
    weight: 1,
    modern: true,
    make: (world) => ({
      method: 'PATCH',
      path: `/flow_runs/${world.id('run')}/labels`,
      body: { run: world.chance.pick(['z', 2, false, 1.5]) },
    }),
  },
  {
    weight: 0.5,
    modern: true,
    make: (world) => post('/ui/flow_runs/count-task-runs', { flow_run_ids: world.ids('run') }),
  },
  {
    weight: 1,
    make: (world) =>
      post('/ui/flow_runs/history', { ...joined(world, 'flow_runs'), sort: 'EXPECTED_START_TIME_ASC' }),
  },
  {
    weight: 0.5,
    modern: true,
    make: (world) => post('/ui/flows/next-runs', { flow_ids: world.ids('flow') }),
  },
  {
    weight: 0.5,
    modern: true,
    make: (world) => post('/ui/flows/count-deployments', { flow_ids: world.ids('flow') }),
  },
]
