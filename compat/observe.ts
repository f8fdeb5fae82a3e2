import type { Generation } from './generation.ts'
import { by, pick, sorted } from './json.ts'
import { Names } from './names.ts'
import { observeEvents } from './observe-events.ts'
import { observePlaces } from './observe-places.ts'
import { observeRecords } from './observe-records.ts'
import { RANDOM_NAME } from './random-name.ts'
import type { Rest } from './rest.ts'
import type { Place } from './scenarios.ts'

/** All that one execution of a program left on a server, comparable with another execution's. */
export type Observation = Record<string, unknown>

const FLOW_RUN_FIELDS = [
  'run_count',
  'parameters',
  'context',
  'tags',
  'empirical_policy',
  'auto_scheduled',
  'idempotency_key',
  'deployment_id',
  'work_queue_name',
  'job_variables',
  'created_by',
]
const TASK_RUN_FIELDS = [
  'run_count',
  'flow_run_run_count',
  'task_version',
  'cache_key',
  'empirical_policy',
  'tags',
  'task_inputs',
]
const MOMENTS = ['expected_start_time', 'next_scheduled_start_time', 'start_time', 'end_time']

/** Reads back everything that carries the execution's unique text or belongs to a run that does. */
export async function observe(
  rest: Rest,
  generation: Generation,
  unique: string,
  places: Place[] = [],
): Promise<Observation> {
  const names = new Names(unique)
  const flowFilter = { flows: { name: { like_: unique } } }
  const flows = await rest.all('/flows/filter', flowFilter)
  const flowRuns = await rest.all('/flow_runs/filter', flowFilter)
  const taskRuns = await readTaskRuns(rest, flowRuns, unique)
  nameRuns(names, flows, flowRuns, taskRuns)

  const states = new Map<string, any[]>()
  for (const [noun, runs] of [
    ['flow', flowRuns],
    ['task', taskRuns],
  ] as const) {
    for (const run of runs) {
      states.set(run.id, await rest.must('GET', `/${noun}_run_states/?${noun}_run_id=${run.id}`))
    }
  }
  // The 2.20 server has no labels; one that serves both generations may say more than it.
  const isTwo = generation.version.startsWith('2.')
  const run = (fields: string[]) => (each: any) => ({
    run: names.plain(each.id),
    ...names.plain(pick(each, isTwo ? fields : [...fields, 'labels'])),
    ...Object.fromEntries(MOMENTS.map((field) => [field, each[field] === null ? null : '<time>'])),
    state: `${each.state_type} ${each.state_name}`,
    states: inOrder(states.get(each.id) ?? []).map((state) => observeState(names, state)),
  })
  return {
    flow_runs: sorted(
      flowRuns.map((each) => ({
        ...run(FLOW_RUN_FIELDS)(each),
        parent: names.plain(each.parent_task_run_id),
      })),
    ),
    task_runs: sorted(taskRuns.map(run(TASK_RUN_FIELDS))),
    ...(await observeRecords(rest, names, flowRuns, unique)),
    ...(await observePlaces(rest, names, unique, places)),
    ...(isTwo ? {} : { events: await observeEvents(rest, names, flowRuns) }),
  }
}

/** The task runs of the flow runs, and those outside any flow run whose name tells that they are ours. */
async function readTaskRuns(rest: Rest, flowRuns: any[], unique: string): Promise<any[]> {
  const ids = flowRuns.map((each) => each.id)
  const inside =
    ids.length > 0 ? await rest.all('/task_runs/filter', { flow_runs: { id: { any_: ids } } }) : []
  const named = await rest.all('/task_runs/filter', { task_runs: { name: { like_: unique } } })
  return [...inside, ...named.filter((each) => each.flow_run_id === null)]
}

/** Runs are named by what the program made them for: `numbers#1`, and `numbers#1/double-0` for a task run in it. */
function nameRuns(names: Names, flows: any[], flowRuns: any[], taskRuns: any[]): void {
  const flowNames = new Map(flows.map((flow) => [flow.id, String(names.plain(flow.name))]))
  for (const [id, name] of flowNames) {
    names.learn(id, `flow ${name}`)
  }
  const counts = new Map<string, number>()
  const next = (key: string) => {
    counts.set(key, (counts.get(key) ?? 0) + 1)
    return counts.get(key)
  }
  const roles = new Map<string, string>()
  const since = (run: any) => (run.auto_scheduled ? run.expected_start_time : run.created)
  for (const run of [...flowRuns].sort(by(since))) {
    const flow = flowNames.get(run.flow_id) ?? 'unknown'
    const role = `${flow}#${next(flow)}`
    roles.set(run.id, role)
    names.learn(run.id, role)
    names.learn(run.deployment_id, 'deployment')
    // `host:pid`, and in some events the pid alone.
    names.learn(run.infrastructure_pid?.split(':').at(-1), 'process')
    // A random two-word name; one that the program gave says so itself.
    if (RANDOM_NAME.test(run.name) && !String(names.plain(run.name)).includes('<')) {
      names.learn(run.name, `name of ${role}`)
    }
  }
  for (const run of [...taskRuns].sort(by((each) => each.expected_start_time))) {
    const place = roles.get(run.flow_run_id) ?? 'no flow run'
    const key = `${place}/${names.plain(run.task_key)}`
    // The 3.x client names a task run after its random dynamic key, and the 2.x client leaves the name of a subflow's
    // task run to the server; then the order of first timestamps decides.
    const isFromKey = run.dynamic_key.includes('-') && run.name.endsWith(`-${run.dynamic_key.slice(0, 3)}`)
    const isRandom = isFromKey || RANDOM_NAME.test(run.name)
    const role = isRandom ? `${key}-${(next(key) ?? 1) - 1}` : `${place}/${names.plain(run.name)}`
    names.learn(run.id, role)
    if (isRandom) {
      names.learn(run.name, `name of ${role}`)
    }
    if (run.dynamic_key.includes('-')) {
      // Also the name of a run whose program gives it another one: its first events carry the random one.
      names.learn(`${names.plain(run.task_key)}-${run.dynamic_key.slice(0, 3)}`, `name of ${role}`)
    }
  }
}

function observeState(names: Names, state: any) {
  const details = Object.entries(state.state_details ?? {}).filter(
    ([, value]) => value !== null && value !== false,
  )
  return {
    state: `${state.type} ${state.name}`,
    message: names.plain(state.message),
    data: names.plain(state.data ?? null),
    details: names.plain(Object.fromEntries(details.sort(by(([key]) => key)))),
  }
}

function inOrder(states: any[]): any[] {
  return [...states].sort(by((each) => each.timestamp))
}
