import { decideTaskTransition } from '@reeve/orchestration/decide'
import { selectTaskPolicy } from '@reeve/orchestration/select-policy'
import type { Limit, TaskFacts } from '@reeve/orchestration/types'
import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import { positionForTag, readHolders } from './limit-holders.ts'
import { SERVER_CLIENT } from './rule-context.ts'
import { readTagLimits } from './rule-limits.ts'
import { serverState } from './server-state.ts'
import { readTaskRunFacts } from './task-run-facts.ts'
import { taskFacts } from './task-run-transitions.ts'
import { readTaskWorkers } from './task-workers.ts'
import { reasonsOfState } from './waiting.ts'
import type { Reason, Waiting } from './waiting.ts'

/**
 * Why a task run is not running: the rules are asked what they would answer to RUNNING now, on the facts
 * that a real proposal would meet. Undefined when there is no such run.
 */
export async function readTaskRunWaiting(
  session: Session,
  taskRunId: string,
  context: ModelContext,
): Promise<Waiting | undefined> {
  const loaded = await readTaskRunFacts(session, taskRunId)
  if (!loaded) return undefined
  const { run, current: state } = loaded
  const told = reasonsOfState(state, context.clock.now())
  if (told) return { id: taskRunId, state, reasons: told }
  const deferred = state?.state_details.deferred === true
  const proposal = {
    task_run_id: taskRunId,
    state: serverState('RUNNING', context, { state_details: { deferred } }),
    force: false,
    client: SERVER_CLIENT,
  }
  const limits = await readTagLimits(session, run.tags, {}, context)
  const byName = new Map(limits.map((limit) => [limit.name, limit]))
  const facts = await taskFacts(session, proposal, loaded, byName, context)
  const policy = selectTaskPolicy(facts, proposal.state, proposal)
  const { status, details } = decideTaskTransition(policy, facts, proposal.state)
  const reasons = await reasonsOfFacts(session, facts, context)
  if (status === 'ACCEPT') reasons.push(await nobodyStarted(session, run.task_key, deferred, context))
  else if (reasons.length === 0) {
    reasons.push({
      kind: 'rule',
      message: ('reason' in details && details.reason) || `The rules answer ${status}.`,
    })
  }
  return { id: taskRunId, state, reasons }
}

async function reasonsOfFacts(session: Session, facts: TaskFacts, context: ModelContext): Promise<Reason[]> {
  const { run, parent, tag_limits } = facts
  const reasons: Reason[] = []
  const type = parent?.state?.type ?? null
  if (parent && run.flow_run_id !== null && type !== 'RUNNING') {
    const message = `Its flow run is ${type ?? 'without a state'}, not RUNNING.`
    reasons.push({ kind: 'parent', message, flow_run_id: run.flow_run_id, state_type: type })
  }
  for (const limit of tag_limits.filter(isFull)) {
    const tag = limit.name.slice('tag:'.length)
    const message = `All ${limit.limit} slots of the limit on the tag "${tag}" are taken.`
    const holders = await readHolders(session, limit.id)
    const position = await positionForTag(session, run.id, tag, context.clock.now())
    reasons.push({ kind: 'limit', message, limit, holders, position })
  }
  return reasons
}

function isFull({ active, active_slots, limit }: Limit): boolean {
  return active && active_slots + 1 > limit
}

/** Nothing forbids it to run: those who could start it have not. */
async function nobodyStarted(
  session: Session,
  taskKey: string,
  deferred: boolean,
  context: ModelContext,
): Promise<Reason> {
  if (!deferred)
    return { kind: 'client', message: 'It may run: the program that made it has not started it yet.' }
  const workers = await readTaskWorkers(session, [taskKey], context.clock.now())
  const message =
    workers.length === 0
      ? `No task worker that serves "${taskKey}" is connected.`
      : `${workers.length} connected task workers serve "${taskKey}" and have not taken it yet.`
  return {
    kind: 'worker',
    message,
    task_key: taskKey,
    work_queue_name: null,
    workers: workers.map(({ identifier }) => identifier),
  }
}
