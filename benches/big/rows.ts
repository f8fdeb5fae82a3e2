import type { Row } from '../../packages/server/src/database/tables.ts'
import { flowRow, flowRunRow, taskRunRow } from '../../packages/server/tests/helpers/run-rows.ts'
import { chance } from './chance.ts'
import type { Chance } from './chance.ts'

const SECOND = 1_000_000
export const DAY = 86_400 * SECOND
const DAYS = 30
const TASKS_OF_FLOW_RUN = 500
const FLOWS = 40

const TASKS = ['extract', 'validate', 'transform', 'load', 'notify', 'score', 'train', 'publish', 'archive']
const TAGS = ['etl', 'nightly', 'critical', 'team-a', 'team-b', 'team-c', 'gpu', 'backfill', 'eu', 'us']
const ADJECTIVES = ['amber', 'brisk', 'calm', 'daring', 'eager', 'fuzzy', 'gentle', 'hazy', 'icy', 'jolly']
const ANIMALS = ['otter', 'heron', 'lynx', 'magpie', 'newt', 'ocelot', 'puffin', 'quail', 'raven', 'stoat']

/** All rows of one flow run. */
export interface FlowRunRows {
  flow_run: Row<'flow_run'>
  flow_run_state: Row<'flow_run_state'>[]
  task_run: Row<'task_run'>[]
  task_run_state: Row<'task_run_state'>[]
  log: Row<'log'>[]
}

export function flowRows(now: number): Row<'flow'>[] {
  const random = chance(1)
  const created = now - (DAYS + 1) * DAY
  return Array.from({ length: FLOWS }, (_, index) =>
    flowRow({ id: random.id(created), created, updated: created, name: `pipeline-${index}` }),
  )
}

/**
 * The rows of the flow run with this number, of the same 30 days before `now` however many there are:
 * the same for the same arguments, whatever was made before.
 */
export function flowRunRows(
  { number, taskRuns, now }: { number: number; taskRuns: number; now: number },
  flows: readonly Row<'flow'>[],
): FlowRunRows {
  const random = chance(1000 + number)
  const flowRuns = flowRunsFor(taskRuns)
  const created = now - Math.round(((flowRuns - number - random.fraction()) * DAYS * DAY) / flowRuns)
  const flow = random.pick(flows)
  const tasks = Math.min(TASKS_OF_FLOW_RUN, taskRuns - number * TASKS_OF_FLOW_RUN)
  const run = makeRun(random, now, {
    created,
    name: `${random.pick(ADJECTIVES)}-${random.pick(ANIMALS)}-${number}`,
    seconds: 300 + 600 * random.fraction(),
  })
  const { id } = run.row
  const rows: FlowRunRows = {
    flow_run: flowRunRow({
      ...run.row,
      flow_id: flow.id,
      flow_version: 'a1b2c3',
      parameters: { day: number },
    }),
    flow_run_state: run.states.map((state) => ({ ...state, flow_run_id: id })),
    task_run: [],
    task_run_state: [],
    log: [logRow(random, created, id, null)],
  }
  for (let task = 0; task < tasks; task++) addTaskRun(rows, random, { created, now, task })
  return rows
}

/** How many flow runs that many task runs are spread over. */
export function flowRunsFor(taskRuns: number): number {
  return Math.ceil(taskRuns / TASKS_OF_FLOW_RUN)
}

function addTaskRun(
  rows: FlowRunRows,
  random: Chance,
  { created, now, task }: { created: number; now: number; task: number },
): void {
  const key = TASKS[task % TASKS.length] as string
  const run = makeRun(random, now, {
    created: created + SECOND + task * SECOND,
    name: `${key}-${task}`,
    seconds: 0.2 + 30 * random.fraction() ** 4,
  })
  const { id } = run.row
  const flow_run_id = rows.flow_run.id
  rows.task_run.push(
    taskRunRow({
      ...run.row,
      flow_run_id,
      task_key: `${key}-1f2e3d4c`,
      dynamic_key: String(task),
      task_inputs: task === 0 ? {} : { item: [{ input_type: 'parameter', name: 'item' }] },
      flow_run_run_count: 1,
    }),
  )
  for (const state of run.states) rows.task_run_state.push({ ...state, task_run_id: id })
  rows.log.push(logRow(random, run.row.created, flow_run_id, id))
}

/** Of a hundred runs that are over: 94 completed (3 of them from a cache), 4 failed, 1 crashed, 1 cancelled. */
function outcome(random: Chance): { type: string; name: string } {
  const share = random.fraction()
  if (share < 0.91) return { type: 'COMPLETED', name: 'Completed' }
  if (share < 0.94) return { type: 'COMPLETED', name: 'Cached' }
  if (share < 0.98) return { type: 'FAILED', name: 'Failed' }
  return share < 0.99 ? { type: 'CRASHED', name: 'Crashed' } : { type: 'CANCELLED', name: 'Cancelled' }
}

function makeRun(
  random: Chance,
  now: number,
  { created, name, seconds }: { created: number; name: string; seconds: number },
) {
  const started = created + Math.round((0.1 + random.fraction()) * SECOND)
  const ended = started + Math.round(seconds * SECOND)
  const steps = [
    { type: 'PENDING', name: 'Pending', at: created },
    { type: 'RUNNING', name: 'Running', at: started },
    { ...outcome(random), at: ended },
  ].filter(({ at }, index) => at <= now || index === 0)
  const states = steps.map((step): Omit<Row<'task_run_state'>, 'task_run_id'> => ({
    id: random.id(step.at),
    type: step.type,
    name: step.name === 'Cached' ? step.name : null,
    timestamp: step.at,
    message: step.type === 'FAILED' ? 'Task run encountered an exception ValueError: no such row' : null,
    state_details: {},
    data: null,
    result_artifact_id: null,
  }))
  const last = steps.at(-1) as (typeof steps)[number]
  const has = (count: number) => steps.length >= count
  const row = {
    id: random.id(created),
    created,
    updated: last.at,
    name,
    state_id: states.at(-1)?.id ?? null,
    state_type: last.type,
    state_name: last.name,
    state_timestamp: last.at,
    run_count: has(2) ? 1 : 0,
    expected_start_time: created,
    start_time: has(2) ? started : null,
    end_time: has(3) ? ended : null,
    total_run_time: has(3) ? (ended - started) / SECOND : 0,
    tags: random.fraction() < 0.3 ? [random.pick(TAGS), 'batch'] : [],
  }
  return { row, states }
}

function logRow(random: Chance, at: number, flow_run_id: string, task_run_id: string | null): Row<'log'> {
  return {
    id: random.id(at),
    created: at,
    name: task_run_id ? 'prefect.task_runs' : 'prefect.flow_runs',
    level: 20,
    message: task_run_id ? 'Finished in state Completed()' : "Beginning flow run 'amber-otter'",
    timestamp: at + SECOND,
    flow_run_id,
    task_run_id,
  }
}
