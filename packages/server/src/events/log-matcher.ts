import type { Operator } from '@reeve/schemas/filters/operators'
import type { LogFilter } from '@reeve/schemas/filters/log-filter'
import type { Row } from '../database/tables.ts'
import { matchesTextQuery, parseTextQuery } from '../models/filters/text-query.ts'
import type { TextQuery } from '../models/filters/text-query.ts'

type Test = (log: Row<'log'>) => boolean

/** The filter as a test of one line: what `logFilter` asks of the database. */
export function logMatcher(filter: LogFilter): Test {
  const { level, timestamp, flow_run_id: flowRun, task_run_id: taskRun, operator } = filter
  const criteria: Test[] = []
  if (level) criteria.push((log) => isWithin(log.level, level.ge_, level.le_))
  if (timestamp) criteria.push((log) => isWithin(log.timestamp, timestamp.after_, timestamp.before_))
  if (flowRun) criteria.push(({ flow_run_id: id }) => isAmong(id, flowRun.any_))
  if (taskRun) {
    const { any_, is_null_ } = taskRun
    criteria.push(
      ({ task_run_id: id }) => isAmong(id, any_) && (is_null_ == null || (id === null) === is_null_),
    )
  }
  const words = filter.text?.query.trim() ? wordTests(filter.text.query) : []
  if (words.length > 0) criteria.push(joined(operator, words))
  return joined(operator, criteria)
}

function joined(operator: Operator, tests: readonly Test[]): Test {
  if (operator === 'and_' || tests.length === 0) return (log) => tests.every((test) => test(log))
  return (log) => tests.some((test) => test(log))
}

function isWithin(value: number, least: number | null | undefined, most: number | null | undefined): boolean {
  return (least == null || value >= least) && (most == null || value <= most)
}

function isAmong(id: string | null, ids: readonly string[] | null | undefined): boolean {
  return ids == null || (id !== null && ids.includes(id))
}

/** The words to include, to exclude and to require count as criteria of their own. */
function wordTests(query: string): Test[] {
  const words = parseTextQuery(query)
  const none: TextQuery = { include: [], exclude: [], required: [] }
  const groups = (['include', 'exclude', 'required'] as const).filter((group) => words[group].length > 0)
  return groups.map((group) => {
    const only = { ...none, [group]: words[group] }
    return ({ message, name }) => matchesTextQuery(`${message} ${name}`, only)
  })
}
