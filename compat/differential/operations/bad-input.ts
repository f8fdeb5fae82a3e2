import type { Operation } from '../operation.ts'
import { get, post } from '../world.ts'
import type { Maker, World } from '../world.ts'
import { createFlow } from './flows.ts'
import { createFlowRun } from './flow-runs.ts'
import { stateOf } from './states.ts'
import { createTaskRun } from './task-runs.ts'

const VALUES: unknown[] = [
  null,
  5,
  1.5,
  true,
  'text',
  '',
  [],
  ['x', 1],
  {},
  { a: 1 },
  '12',
  'null',
  -1,
  '2024-01-01',
]
// Wrong names would be good names of other sequences.
const NAMES: unknown[] = [null, 5, true, [], {}, '', 'a/b @scope', 'a%b @scope']

type Body = { [key: string]: unknown }

/** The operation with one value of its body replaced, one key unknown or one key missing. */
function spoiled(world: World, operation: Operation): Operation {
  const { chance } = world
  const body = { ...(operation.body as Body) }
  const key = chance.pick([...Object.keys(body), 'unknown_key'])
  if (chance.in(0.2)) delete body[key]
  else if (isObject(body[key]) && chance.in(0.5)) {
    const inner = { ...(body[key] as Body) }
    inner[chance.pick([...Object.keys(inner), 'unknown_key'])] = chance.pick(VALUES)
    body[key] = inner
  } else body[key] = chance.pick(key === 'name' ? NAMES : VALUES)
  return { ...operation, body }
}

const isObject = (value: unknown) => value !== null && typeof value === 'object' && !Array.isArray(value)

const NOUNS = ['flows', 'flow_runs', 'task_runs']
// Each makes its request invalid, whatever else is in it.
const SPOILERS: Body[] = [
  { limit: 201 },
  { limit: -1 },
  { limit: 'many' },
  { limit: 1.5 },
  { offset: -1 },
  { offset: 'a' },
  { sort: 'NONE' },
  { sort: 'name_asc' },
  { flows: { unknown: {} } },
  { flows: { id: { any_: ['no uuid'] } } },
  { flows: { id: { any_: '@uuid(1)' } } },
  { flows: { name: { any_: [1] } } },
  { flows: { operator: 'AND' } },
  { flow_runs: { id: { unknown_: [] } } },
  { flow_runs: { state: { type: { any_: ['scheduled'] } } } },
  { flow_runs: { state: { type: { any_: null, operator: 'and_' } } } },
  { flow_runs: { tags: { all_: 'a' } } },
  { flow_runs: { start_time: { before_: 'yesterday' } } },
  { flow_runs: [] },
  { flow_runs: 'x' },
  { task_runs: { name: { operator: 'or_' } } },
  { task_runs: { subflow_runs: { exists_: 'maybe' } } },
  { task_runs: { flow_run_id: { any_: [1] } } },
  { deployments: { unknown: 1 } },
]

const spoiler = (world: World): Operation => {
  const { chance } = world
  const noun = chance.pick(NOUNS)
  // Where a count knows no limit or sort, the spoiler is an unknown key, and all rows would be counted.
  const scope = { flows: { id: { any_: [] } } }
  return post(`/${noun}/${chance.pick(['filter', 'filter', 'count'])}`, {
    ...scope,
    ...chance.pick(SPOILERS),
  })
}

const ROUTES = [
  '/flows/',
  '/flow_runs/',
  '/task_runs/',
  '/variables/',
  '/logs/',
  '/artifacts/',
  '/concurrency_limits/',
  '/v2/concurrency_limits/',
  '/v2/concurrency_limits/increment',
  '/v2/concurrency_limits/decrement',
  '/flow_runs/history',
  '/task_runs/history',
  '/flow_runs/@id(run1)/set_state',
  '/task_runs/@id(task1)/set_state',
  '/flow_runs/@id(run1)/input',
  '/flow_runs/@id(run1)/input/filter',
]
const BODIES: unknown[] = [
  {},
  [],
  null,
  'text',
  5,
  [{}],
  { name: null },
  { names: 'x' },
  { slots: 0, names: [] },
  { state: null },
  { state: {} },
  { state: { type: 'running' } },
  { history_start: '@now+600', history_end: '@now+600', history_interval_seconds: 0.5 },
]
const PATHS = [
  '/flows/not-a-uuid',
  '/flow_runs/1',
  '/task_runs/@uuid(1)x',
  '/flow_run_states/',
  '/flow_run_states/?flow_run_id=x',
  '/flow_runs/@id(run1)/unknown',
  '/variables/name/none-@scope',
  '/artifacts/none-@scope/latest',
  '/concurrency_limits/tag/none-@scope',
  '/v2/concurrency_limits/none-@scope',
  '/saved_searches/x',
  '/task_runs/@id(run1)',
]

/** Requests that clients should not send. */
export const BAD_INPUT: Maker[] = [
  { weight: 1, make: (world) => spoiled(world, createFlow(world)) },
  { weight: 3, make: (world) => spoiled(world, createFlowRun(world)) },
  { weight: 3, make: (world) => spoiled(world, createTaskRun(world)) },
  {
    weight: 4,
    make: (world) => {
      const [noun, kind] = world.chance.pick([
        ['flow_runs', 'run'],
        ['task_runs', 'task'],
      ] as const)
      const { body } = spoiled(world, post('', stateOf(world)))
      return post(`/${noun}/${world.id(kind)}/set_state`, { state: body })
    },
  },
  { weight: 3, make: spoiler },
  { weight: 3, make: (world) => post(world.chance.pick(ROUTES), world.chance.pick(BODIES)) },
  { weight: 1, make: (world) => get(world.chance.pick(PATHS)) },
]
