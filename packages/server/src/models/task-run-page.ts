import { sql } from 'kysely'
import type { TaskRunSort } from '@reeve/schemas/sorts'
import type { Session } from '../database/session.ts'
import { ALWAYS } from './filters/condition.ts'
import type { Condition } from './filters/condition.ts'
import { taskRunMatches } from './filters/run-filters.ts'
import type { RunFilters } from './filters/run-filters.ts'
import { micros } from './run-estimates.ts'
import { TASK_RUN_ORDERS, ascending, descending } from './run-order.ts'
import type { Order } from './run-order.ts'
import { skipTaskRuns } from './task-run-tally.ts'

/** What the runs must meet, and which of those that do. */
export interface TaskRunQuery extends RunFilters {
  limit: number
  offset?: number
  sort?: TaskRunSort
}

/** From here on whole hours of runs are skipped. */
const FAR = 1000

const TIME_ORDERS: { [Sort in TaskRunSort]?: 'asc' | 'desc' } = {
  EXPECTED_START_TIME_ASC: 'asc',
  EXPECTED_START_TIME_DESC: 'desc',
}

/** Of the legs that are put together, for the sorts that have any. */
const PAGE_ORDERS: { [Sort in TaskRunSort]?: Order } = {
  EXPECTED_START_TIME_ASC: ascending('page.expected_start_time', 'page.id'),
  EXPECTED_START_TIME_DESC: descending('page.expected_start_time', 'page.id'),
  NEXT_SCHEDULED_START_TIME_ASC: ascending('page.next_scheduled_start_time', 'page.id'),
}

/** Selects the ids of a page, so that indexes give them in order even among very many runs. */
export async function pageOfTaskRuns(session: Session, query: TaskRunQuery) {
  const { limit, offset = 0, sort = 'ID_DESC', ...filters } = query
  const landing = await landingOf(session, query)
  const legs = legsOf(query)
  const order = TASK_RUN_ORDERS[sort]
  if (legs.length === 0 || landing) {
    return session.build
      .selectFrom('task_run')
      .select('task_run.id')
      .where(taskRunMatches(session, filters))
      .$if(landing !== undefined, (runs) => runs.where(landing?.condition ?? ALWAYS))
      .orderBy(order)
      .limit(limit)
      .offset(landing?.offset ?? offset)
  }
  const ordered = legs.map((leg) =>
    session.build
      .selectFrom('task_run')
      .select(['task_run.id', 'task_run.expected_start_time', 'task_run.next_scheduled_start_time'])
      .where(taskRunMatches(session, { ...filters, ...leg.filters }))
      .$if(leg.condition !== undefined, (runs) => runs.where(leg.condition ?? ALWAYS))
      .orderBy(leg.order ?? order)
      .limit(limit + offset),
  )
  const parts = ordered.map((leg) => session.build.selectFrom(leg.as('leg')).selectAll())
  return session.build
    .selectFrom(parts.reduce((left, right) => left.unionAll(right)).as('page'))
    .select('page.id')
    .orderBy(PAGE_ORDERS[sort] ?? order)
    .limit(limit)
    .offset(offset)
}

/** A late page of all runs begins in its hour, not at the first run. */
async function landingOf(
  session: Session,
  { limit, offset = 0, sort = 'ID_DESC', ...filters }: TaskRunQuery,
): Promise<{ condition: Condition; offset: number } | undefined> {
  const direction = TIME_ORDERS[sort]
  if (!direction || offset < FAR || Object.values(filters).some(Boolean)) return undefined
  const landing = await skipTaskRuns(session, { direction, offset, limit })
  if (!landing) return undefined
  const bound = micros(landing.bound)
  const condition =
    direction === 'desc'
      ? sql<boolean>`task_run.expected_start_time <= ${bound}`
      : sql<boolean>`task_run.expected_start_time >= ${bound}`
  return { condition, offset: landing.offset }
}

/** A part of the runs that an index has in the order of the page. */
interface Leg {
  filters?: RunFilters
  condition?: Condition
  order?: Order
}

/** Neither database merges the runs of several states, or those with and without a time, by itself. */
function legsOf({ sort = 'ID_DESC', taskRunFilter: own }: TaskRunQuery): Leg[] {
  if (sort === 'NEXT_SCHEDULED_START_TIME_ASC') {
    return [
      { condition: sql<boolean>`task_run.next_scheduled_start_time is not null` },
      {
        condition: sql<boolean>`task_run.next_scheduled_start_time is null`,
        order: sql`task_run.id asc`,
      },
    ]
  }
  const types = new Set(own?.state?.type?.any_)
  if (!own?.state || !TIME_ORDERS[sort] || types.size < 2 || own.operator === 'or_') return []
  if (own.state.operator === 'or_') return []
  const { state } = own
  return [...types].map((type) => ({
    filters: { taskRunFilter: { ...own, state: { ...state, type: { ...state.type, any_: [type] } } } },
  }))
}
