import { z } from 'zod'
import { Seconds, TimestampText } from './scalars.ts'
import { StateType } from './state.ts'

const HistoryState = z
  .object({
    state_type: StateType,
    state_name: z.string(),
    count_runs: z.int(),
    sum_estimated_run_time: Seconds,
    sum_estimated_lateness: Seconds,
  })
  .meta({ id: 'HistoryResponseState' })

/** One bar of a run history: the runs expected to start within it, by the state they are in now. */
export const HistoryBar = z
  .object({ interval_start: TimestampText, interval_end: TimestampText, states: z.array(HistoryState) })
  .meta({ id: 'HistoryResponse' })
export interface HistoryBar extends z.infer<typeof HistoryBar> {}
