import type { Timestamp } from '@reeve/schemas/time'
import type { Context } from '../context.ts'
import type { RunFilters } from '../models/filters/run-filters.ts'
import { readRunHistory } from '../models/history.ts'
import { ok, refuse } from './answer.ts'
import type { Answer } from './answer.ts'
import { wireHistoryBar } from './wire/history.ts'

interface HistoryBody {
  history_start: Timestamp
  history_end: Timestamp
  history_interval_seconds: number
}

/** Answers the history of flow runs or task runs. */
export async function answerHistory(
  { database }: Context,
  table: 'flow_run' | 'task_run',
  { history_start: start, history_end: end, history_interval_seconds: intervalSeconds }: HistoryBody,
  filters: RunFilters,
  now: Timestamp,
): Promise<Answer> {
  if (intervalSeconds < 1) return refuse(422, 'History interval must not be less than 1 second.')
  const span = { start, end, intervalSeconds }
  const bars = await database.scan((session) => readRunHistory(session, table, filters, span, now))
  return ok(bars.map(wireHistoryBar))
}
