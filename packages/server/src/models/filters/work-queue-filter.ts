import { sql } from 'kysely'
import type { WorkQueueFilter } from '@reeve/schemas/filters/work-queue-filter'
import type { Session } from '../../database/session.ts'
import { likeAnyCase } from '../../database/text-search.ts'
import { column, listed } from './column.ts'
import { NEVER, join } from './condition.ts'
import type { Condition } from './condition.ts'
import { filter } from './filter.ts'

/** Which rows of `work_queue`. */
export const workQueueFilter = filter<WorkQueueFilter>({
  id: column('work_queue.id'),
  name: queueName,
})

function queueName(
  session: Session,
  { any_, startswith_ }: NonNullable<WorkQueueFilter['name']>,
): Condition[] {
  const conditions = listed(session, 'work_queue.name', { any_ })
  if (!startswith_) return conditions
  const prefixes = startswith_.map((prefix) => likeAnyCase(session, sql.ref('work_queue.name'), `${prefix}%`))
  return [...conditions, prefixes.length === 0 ? NEVER : join('or_', prefixes)]
}
