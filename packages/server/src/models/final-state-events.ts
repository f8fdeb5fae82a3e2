import type { State } from '@reeve/orchestration/types'
import { MAX_RELATED_RESOURCES } from '@reeve/schemas/event'
import { defaultStateName, isTerminal } from '@reeve/schemas/state-type'
import type { StateType } from '@reeve/schemas/state-type'
import type { Timestamp } from '@reeve/schemas/time'
import { formatTimestamp } from '@reeve/schemas/time'
import type { Database } from '../database/database.ts'
import type { Session } from '../database/session.ts'
import type { EventRow, Labels } from './events.ts'
import { taskRunRecord, taskRunsWithState } from './joined-task-run.ts'
import type { TaskRunRecord } from './records.ts'
import { shortenedMessage } from './shortened-message.ts'

/**
 * What tells of the final state that the run is in, under each name that it may be asked for by: that of the
 * state, and that of its type, under which clients wait. No such event is stored. It does not say that a client
 * governs the run, so whoever records it elsewhere makes no transition of it. Empty for a run that is not final.
 */
export function finalStateEvents(run: TaskRunRecord, received: Timestamp): EventRow[] {
  const { state } = run
  if (!state || !isTerminal(state.type)) return []
  const names = new Set([state.name, defaultStateName(state.type as StateType)])
  const event = { ...described(run, state), received }
  return [...names].map((name) => ({ ...event, event: `prefect.task-run.${name}` }))
}

function described(run: TaskRunRecord, state: State): Omit<EventRow, 'received' | 'event'> {
  const resourceId = `prefect.task-run.${run.id}`
  const message = shortenedMessage(state.message)
  const details = Object.entries(state.state_details).filter(
    ([name, value]) => value !== null && name !== 'flow_run_id' && name !== 'task_run_id',
  )
  return {
    id: state.id,
    occurred: state.timestamp,
    resource_id: resourceId,
    resource: {
      'prefect.resource.id': resourceId,
      'prefect.resource.name': run.name,
      'prefect.run-count': String(run.run_count),
      'prefect.state-message': message,
      'prefect.state-name': state.name,
      'prefect.state-timestamp': formatTimestamp(state.timestamp).replace('Z', '+00:00'),
      'prefect.state-type': state.type,
    },
    related: relatedResources(run),
    payload: {
      validated_state: {
        type: state.type,
        name: state.name,
        message,
        state_details: Object.fromEntries(details),
        data: state.data,
      },
    },
    follows: null,
  }
}

function relatedResources({ flow_run_id, tags }: TaskRunRecord): Labels[] {
  const related = tags.toSorted().map((tag) => labels(`prefect.tag.${tag}`, 'tag'))
  if (flow_run_id !== null) related.unshift(labels(`prefect.flow-run.${flow_run_id}`, 'flow-run'))
  return related.slice(0, MAX_RELATED_RESOURCES)
}

function labels(id: string, role: string): Labels {
  return { 'prefect.resource.id': id, 'prefect.resource.role': role }
}

interface EndedQuery {
  since: Timestamp
  limit: number
  /** Only runs that come later than this one. */
  after?: Pick<TaskRunRecord, 'id' | 'end_time'>
}

/** Pages of the runs that ended since an instant, in the order in which they did. */
export async function* pagesOfEndedTaskRuns(
  database: Database,
  query: Omit<EndedQuery, 'after'>,
): AsyncGenerator<TaskRunRecord[], void> {
  let after: TaskRunRecord | undefined
  do {
    const page = { ...query, ...(after && { after }) }
    const runs = await database.read((session) => readEndedTaskRuns(session, page))
    yield runs
    after = runs.length < query.limit ? undefined : runs.at(-1)
  } while (after)
}

async function readEndedTaskRuns(
  session: Session,
  { since, limit, after }: EndedQuery,
): Promise<TaskRunRecord[]> {
  const rows = await session.all(
    taskRunsWithState(session)
      .where('task_run.end_time', '>=', after?.end_time ?? since)
      .$if(after !== undefined, (runs) =>
        runs.where((eb) =>
          eb.or([
            eb('task_run.end_time', '>', after?.end_time as Timestamp),
            eb('task_run.id', '>', after?.id as string),
          ]),
        ),
      )
      .orderBy('task_run.end_time')
      .orderBy('task_run.id')
      .limit(limit),
  )
  return rows.map(taskRunRecord)
}
