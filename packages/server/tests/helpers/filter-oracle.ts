import {
  absent,
  contains,
  isNull,
  join,
  like,
  list,
  name,
  oneOf,
  orNull,
  state,
  tagged,
  time,
  whole,
  within,
} from './filter-verdicts.ts'
import type { Criteria, Verdict } from './filter-verdicts.ts'
import type { World } from './filter-world.ts'

/** Filters as they are on the wire, by the names that the models have for them. */
export interface GivenFilters {
  flowFilter?: Criteria
  flowRunFilter?: Criteria
  taskRunFilter?: Criteria
  deploymentFilter?: Criteria
  workPoolFilter?: Criteria
  workQueueFilter?: Criteria
}

type Rows = { [Name in keyof World]: World[Name][number] }

function flowMeets(world: World, flow: Rows['flow'], filter: Criteria): boolean {
  const deployed = world.deployment.some(({ flow_id }) => flow_id === flow.id)
  return whole(filter, {
    id: list(flow.id),
    deployment: ({ is_null_ }) => (absent(is_null_) ? undefined : is_null_ !== deployed),
    name: name(flow.name),
    tags: tagged(flow.tags),
  })
}

function flowRunMeets(world: World, run: Rows['flow_run'], filter: Criteria): boolean {
  const parent = world.task_run.find(({ id }) => id === run.parent_task_run_id)
  const maker = run.created_by as { id: string | null; type: string } | null
  return whole(filter, {
    id: list(run.id),
    name: name(run.name),
    tags: tagged(run.tags),
    deployment_id: orNull(run.deployment_id),
    work_queue_name: orNull(run.work_queue_name),
    state: state(run),
    flow_version: list(run.flow_version),
    start_time: (c) =>
      join(c, [within(c, run.start_time ?? run.expected_start_time), isNull(c['is_null_'], run.start_time)]),
    end_time: time(run.end_time),
    expected_start_time: time(run.expected_start_time),
    next_scheduled_start_time: time(run.next_scheduled_start_time),
    parent_flow_run_id: (c) => oneOf(c['any_'], parent?.flow_run_id ?? null),
    parent_task_run_id: orNull(run.parent_task_run_id),
    idempotency_key: list(run.idempotency_key),
    created_by: (c) =>
      join(c, [
        oneOf(c['id_'], maker?.id ?? null),
        oneOf(c['type_'], maker?.type ?? null),
        isNull(c['is_null_'], maker),
      ]),
  })
}

function taskRunMeets(world: World, run: Rows['task_run'], filter: Criteria): boolean {
  const subflow = world.flow_run.some(({ parent_task_run_id }) => parent_task_run_id === run.id)
  return whole(filter, {
    id: list(run.id),
    name: name(run.name),
    tags: tagged(run.tags),
    state: state(run),
    start_time: time(run.start_time),
    end_time: time(run.end_time),
    expected_start_time: time(run.expected_start_time),
    subflow_runs: ({ exists_ }) => (absent(exists_) ? undefined : exists_ === subflow),
    flow_run_id: ({ any_, is_null_ = false }) => {
      if (is_null_ === true) return run.flow_run_id === null
      if (!absent(any_)) return any_.includes(run.flow_run_id)
      return is_null_ === false ? run.flow_run_id !== null : undefined
    },
  })
}

function deploymentMeets(world: World, row: Rows['deployment'], filter: Criteria): boolean {
  const flow = world.flow.find(({ id }) => id === row.flow_id)
  return whole(filter, {
    id: list(row.id),
    name: name(row.name),
    flow_or_deployment_name: ({ like_ }) =>
      like_ ? contains(like_, row.name) || contains(like_, flow?.name ?? '') : undefined,
    paused: ({ eq_ }) => (absent(eq_) ? undefined : row.paused === eq_),
    tags: tagged(row.tags),
    work_queue_name: list(row.work_queue_name),
    concurrency_limit: () => undefined,
    is_schedule_active: ({ eq_ }) => (absent(eq_) ? undefined : row.paused !== eq_),
  })
}

/** Whether a queue and its pool meet the filters for them that are given. */
function queueMeets(world: World, queueId: string | null, given: GivenFilters): boolean {
  const { workPoolFilter, workQueueFilter } = given
  if (!workPoolFilter && !workQueueFilter) return true
  const queue = world.work_queue.find(({ id }) => id === queueId)
  const pool = world.work_pool.find(({ id }) => id === queue?.work_pool_id)
  if (!queue || (workPoolFilter && !pool)) return false
  const queueMet =
    !workQueueFilter ||
    whole(workQueueFilter, {
      id: list(queue.id),
      name: (c) => join(c, [oneOf(c['any_'], queue.name), startsWith(c['startswith_'], queue.name)]),
    })
  const poolMet =
    !workPoolFilter ||
    !pool ||
    whole(workPoolFilter, { id: list(pool.id), name: list(pool.name), type: list(pool.type) })
  return queueMet && poolMet
}

function startsWith(prefixes: string[] | null | undefined, text: string): Verdict {
  return absent(prefixes) ? undefined : prefixes?.some((prefix) => like(`${prefix}%`, text))
}

const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id).sort()

/** Whether a flow run has a task run that meets the filter for those. */
function hasTaskRun(world: World, run: Rows['flow_run'], filter: Criteria | undefined): boolean {
  if (!filter) return true
  return world.task_run.some((task) => task.flow_run_id === run.id && taskRunMeets(world, task, filter))
}

export function flowsThatMatch(world: World, given: GivenFilters): string[] {
  const { flowFilter, flowRunFilter, taskRunFilter, deploymentFilter, workPoolFilter } = given
  const met = world.flow.filter((flow) => {
    const run =
      (!flowRunFilter && !taskRunFilter) ||
      world.flow_run.some(
        (row) =>
          row.flow_id === flow.id &&
          flowRunMeets(world, row, flowRunFilter ?? {}) &&
          hasTaskRun(world, row, taskRunFilter),
      )
    const deployment =
      (!deploymentFilter && !workPoolFilter) ||
      world.deployment.some(
        (row) =>
          row.flow_id === flow.id &&
          deploymentMeets(world, row, deploymentFilter ?? {}) &&
          queueMeets(world, row.work_queue_id, { ...given, workQueueFilter: undefined as never }),
      )
    return flowMeets(world, flow, flowFilter ?? {}) && run && deployment
  })
  return idsOf(met)
}

function flowRunIsIn(world: World, run: Rows['flow_run'], given: GivenFilters): boolean {
  const flow = world.flow.find(({ id }) => id === run.flow_id)
  const deployment = world.deployment.find(({ id }) => id === run.deployment_id)
  return (
    flowRunMeets(world, run, given.flowRunFilter ?? {}) &&
    (!given.flowFilter || (flow !== undefined && flowMeets(world, flow, given.flowFilter))) &&
    (!given.deploymentFilter ||
      (deployment !== undefined && deploymentMeets(world, deployment, given.deploymentFilter))) &&
    queueMeets(world, run.work_queue_id, given)
  )
}

export function flowRunsThatMatch(world: World, given: GivenFilters): string[] {
  return idsOf(
    world.flow_run.filter(
      (run) => flowRunIsIn(world, run, given) && hasTaskRun(world, run, given.taskRunFilter),
    ),
  )
}

export function taskRunsThatMatch(world: World, { taskRunFilter, ...given }: GivenFilters): string[] {
  const joined = Object.values(given).some(Boolean)
  const met = world.task_run.filter((task) => {
    const run = world.flow_run.find(({ id }) => id === task.flow_run_id)
    const parent = !joined || (run !== undefined && flowRunIsIn(world, run, given))
    return parent && taskRunMeets(world, task, taskRunFilter ?? {})
  })
  return idsOf(met)
}

export function deploymentsThatMatch(world: World, given: GivenFilters): string[] {
  const { deploymentFilter, flowFilter, flowRunFilter, taskRunFilter } = given
  const met = world.deployment.filter((row) => {
    const flow = world.flow.find(({ id }) => id === row.flow_id)
    const run =
      (!flowRunFilter && !taskRunFilter) ||
      world.flow_run.some(
        (each) =>
          each.deployment_id === row.id &&
          flowRunMeets(world, each, flowRunFilter ?? {}) &&
          hasTaskRun(world, each, taskRunFilter),
      )
    return (
      deploymentMeets(world, row, deploymentFilter ?? {}) &&
      (!flowFilter || (flow !== undefined && flowMeets(world, flow, flowFilter))) &&
      run &&
      queueMeets(world, row.work_queue_id, given)
    )
  })
  return idsOf(met)
}
