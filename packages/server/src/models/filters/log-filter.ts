import { sql } from 'kysely'
import type { LogFilter } from '@reeve/schemas/filters/log-filter'
import type { Session } from '../../database/session.ts'
import { containsAnyCase } from '../../database/text-search.ts'
import { column } from './column.ts'
import { every, join, not } from './condition.ts'
import type { Condition } from './condition.ts'
import { filter } from './filter.ts'
import type { Filter } from './filter.ts'
import { parseTextQuery } from './text-query.ts'

const searched = sql`log.message || ' ' || log.name`

const logCriteria = filter<LogFilter>({
  level: column('log.level'),
  timestamp: column('log.timestamp'),
  flow_run_id: column('log.flow_run_id'),
  task_run_id: column('log.task_run_id'),
  // Under `or_` the three groups count as criteria of their own, as in the reference.
  text: (session, { query }, operator) => [join(operator, wordConditions(session, query))],
})

/** Which rows of `log`. A search without words asks nothing. */
export const logFilter: Filter<LogFilter> = (session, { text, ...criteria }) =>
  logCriteria(session, text?.query.trim() ? { ...criteria, text } : criteria)

function wordConditions(session: Session, query: string): Condition[] {
  const { include, exclude, required } = parseTextQuery(query)
  const contains = (word: string) => containsAnyCase(session, searched, word)
  const groups: Condition[] = []
  if (include.length > 0) groups.push(join('or_', include.map(contains)))
  if (exclude.length > 0) groups.push(every(exclude.map((word) => not(contains(word)))))
  if (required.length > 0) groups.push(every(required.map(contains)))
  return groups
}
