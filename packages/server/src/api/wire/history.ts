import { formatTimestamp } from '@reeve/schemas/time'
import type { HistoryBar } from '../../models/history.ts'

/** One bar of a run history as the contract prints it. */
export function wireHistoryBar(bar: HistoryBar) {
  return {
    interval_start: formatTimestamp(bar.interval_start),
    interval_end: formatTimestamp(bar.interval_end),
    states: bar.states,
  }
}
