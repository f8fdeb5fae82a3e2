import type { Client, State } from '@reeve/orchestration/types'
import type { Json } from '@reeve/schemas/json'
import { FlowRunCreate } from '@reeve/schemas/flow-run'
import { STATE_TYPES } from '@reeve/schemas/state-type'
import type { StateType } from '@reeve/schemas/state-type'
import { TaskRunCreate } from '@reeve/schemas/task-run'
import { formatTimestamp } from '@reeve/schemas/time'
import { DatabaseError } from '../../src/database/errors.ts'
import { deleteFlowRun } from '../../src/models/flow-runs.ts'
import { serverState } from '../../src/models/server-state.ts'
import type { Transitioned } from '../../src/models/transitioned.ts'
import { deleteTaskRun } from '../../src/models/task-runs.ts'
import { reapLeases } from '../../src/models/leases.ts'
import type { SimulatedClient, World } from './world.ts'

/** What one client did and was told; undefined parts did not come about. */
export interface Outcome {
  /** For the reader of a failing seed. */
  text: string
  created?: { kind: 'task_run' | 'flow_run'; id: string; stateId: string | null }
  written?: { runId: string; state: State; asked: State; forced: boolean; client: Client; accepted: boolean }
  deleted?: string
}

export type Operation = () => Promise<Outcome>

/** The usual way of a run; clients mostly follow it. */
const NEXT: { [type: string]: StateType[] } = {
  none: ['PENDING', 'SCHEDULED'],
  SCHEDULED: ['PENDING', 'RUNNING'],
  PENDING: ['RUNNING'],
  RUNNING: ['COMPLETED', 'FAILED', 'PAUSED', 'CANCELLING', 'CRASHED'],
  PAUSED: ['RUNNING', 'CANCELLED'],
  CANCELLING: ['CANCELLED'],
}
const MOST_TASK_RUNS = 60
const MOST_FLOW_RUNS = 15

/** What a client does next, decided now and done when it is called. */
export function nextOperation(
  world: World,
  simulated: SimulatedClient,
  states: ReadonlyMap<string, StateType | null>,
): Operation {
  const { random, taskRuns, flowRuns } = world
  const roll = random.next()
  if (flowRuns.length < MOST_FLOW_RUNS && (flowRuns.length === 0 || roll < 0.03))
    return makeFlowRun(world, simulated)
  if (taskRuns.length < MOST_TASK_RUNS && (taskRuns.length === 0 || roll < 0.15))
    return makeTaskRun(world, simulated)
  if (roll < 0.3) return moveFlowRun(world, simulated, states)
  if (roll < 0.31) return removeFlowRun(world)
  if (roll < 0.33) return removeTaskRun(world)
  if (roll < 0.35) return reap(world)
  return moveTaskRun(world, simulated, states)
}

function makeTaskRun(world: World, simulated: SimulatedClient): Operation {
  const { context, random } = world
  const taskRun = TaskRunCreate.parse({
    flow_run_id: random.in(0.85) ? (random.pick(world.flowRuns) ?? null) : null,
    task_key: 'task',
    dynamic_key: String(random.below(200)),
    tags: world.tags.filter((tag) => random.in(tag === 'closed' ? 0.03 : 0.3)),
    empirical_policy: { retries: random.below(3), retry_delay: random.below(2) * 5 },
  })
  const state = proposed(world, random.pick(['PENDING', 'SCHEDULED'] as const))
  return async () => {
    const made = await unlessGone(context.hotPath.createTaskRun({ taskRun, state, client: simulated.client }))
    if (!made) return { text: 'create task run of a flow run that is gone' }
    simulated.taskRunId = made.taskRun.id
    const text = `create task run ${made.taskRun.id} ${made.created}`
    return made.created
      ? { text, created: { kind: 'task_run', id: made.taskRun.id, stateId: made.taskRun.state_id } }
      : { text }
  }
}

/** What a run was to belong to may have been deleted while the request was under way. */
async function unlessGone<T>(made: Promise<T>): Promise<T | undefined> {
  try {
    return await made
  } catch (error) {
    if (error instanceof DatabaseError && error.code === 'integrity') return undefined
    throw error
  }
}

function makeFlowRun(world: World, { client }: SimulatedClient): Operation {
  const { context, random } = world
  const flowRun = FlowRunCreate.parse({
    flow_id: world.flowId,
    deployment_id: random.in(0.4) ? world.deploymentId : null,
    parent_task_run_id: random.in(0.3) ? (random.pick(world.taskRuns) ?? null) : null,
    idempotency_key: random.in(0.2) ? String(random.below(5)) : null,
    empirical_policy: { retries: random.below(3), retry_delay: random.below(2) * 5 },
  })
  const state = proposed(world, random.pick(['PENDING', 'SCHEDULED', 'RUNNING'] as const))
  const creation = { flowRun, state, work_queue: null, created_by: null, client }
  return async () => {
    const made = await unlessGone(context.hotPath.createFlowRun(creation))
    if (!made) return { text: 'create flow run under a task run that is gone' }
    const text = `create flow run ${made.flowRun.id} ${made.created}`
    return made.created
      ? { text, created: { kind: 'flow_run', id: made.flowRun.id, stateId: made.flowRun.state_id } }
      : { text }
  }
}

function moveTaskRun(
  world: World,
  simulated: SimulatedClient,
  states: ReadonlyMap<string, StateType | null>,
): Operation {
  const { context, random } = world
  const own = simulated.taskRunId
  const runId = own !== undefined && states.has(own) && random.in(0.6) ? own : random.pick(world.taskRuns)
  const type = wantedType(world, states.get(runId) ?? null)
  const asked = proposed(world, type)
  const forced = random.in(0.08)
  return async () => {
    const result = await context.hotPath.setTaskRunState({
      task_run_id: runId,
      state: asked,
      force: forced,
      client: simulated.client,
    })
    return moved('task run', runId, asked, forced, simulated.client, result)
  }
}

function moveFlowRun(
  world: World,
  { client }: SimulatedClient,
  states: ReadonlyMap<string, StateType | null>,
): Operation {
  const { context, random } = world
  const runId = random.pick(world.flowRuns)
  const asked = proposed(world, wantedType(world, states.get(runId) ?? null))
  const forced = random.in(0.08)
  const policy = forced ? ('force' as const) : ('core' as const)
  return async () => {
    const result = await context.hotPath.setFlowRunState({ flow_run_id: runId, state: asked, policy, client })
    return moved('flow run', runId, asked, forced, client, result)
  }
}

function moved(
  what: string,
  runId: string,
  asked: State,
  forced: boolean,
  client: Client,
  result: Transitioned | undefined,
): Outcome {
  const text = `${what} ${runId} to ${asked.type}${forced ? ' by force' : ''}: ${result?.status} ${result?.state?.name}`
  if (!result?.written) return { text }
  const accepted = result.status === 'ACCEPT'
  return { text, written: { runId, state: result.state as State, asked, forced, client, accepted } }
}

function removeTaskRun(world: World): Operation {
  const id = world.random.pick(world.taskRuns)
  return async () => {
    const gone = await world.context.database.write((session) => deleteTaskRun(session, id, world.context))
    return { text: `delete task run ${id}`, ...(gone && { deleted: id }) }
  }
}

function removeFlowRun(world: World): Operation {
  const id = world.random.pick(world.flowRuns)
  return async () => {
    const gone = await world.context.database.write((session) => deleteFlowRun(session, id, world.context))
    return { text: `delete flow run ${id}`, ...(gone && { deleted: id }) }
  }
}

function reap(world: World): Operation {
  const { context } = world
  return async () => {
    const now = context.clock.now()
    const leases = await context.database.write((session) =>
      reapLeases(session, { now, limit: 100 }, context),
    )
    return { text: `reap ${leases} leases` }
  }
}

function wantedType({ random }: World, current: StateType | null): StateType {
  const usual = NEXT[current ?? 'none']
  return usual && random.in(0.75) ? random.pick(usual) : random.pick(STATE_TYPES)
}

function proposed({ context, random }: World, type: StateType): State {
  const now = context.clock.now()
  const details: State['state_details'] = {}
  if (type === 'SCHEDULED') details.scheduled_time = formatTimestamp(now + random.below(3) * 4_000_000)
  if (type === 'PAUSED') {
    details.pause_timeout = formatTimestamp(now + 60_000_000)
    details.pause_reschedule = random.in(0.5)
    if (random.in(0.5)) details.pause_key = `pause-${random.below(3)}`
  }
  if ((type === 'RUNNING' || type === 'COMPLETED') && random.in(0.3)) {
    details.cache_key = `key-${random.below(4)}`
    if (random.in(0.3)) details.refresh_cache = true
    if (random.in(0.5)) details.cache_expiration = formatTimestamp(now + 20_000_000)
  }
  if (type === 'FAILED' && random.in(0.2)) details.retriable = false
  if (random.in(0.1)) details.transition_id = context.ids.random()
  const data = random.in(0.3)
    ? random.pick<Json>([{ type: 'reference', key: 'k' }, { type: 'unpersisted' }, [1], 'text'])
    : null
  return { ...serverState(type, context), data, state_details: details }
}
