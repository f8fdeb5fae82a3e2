import { firstScheduledStart, readLateFlowRuns } from '../models/overdue-flow-runs.ts'
import { transitionFlowRun } from '../models/flow-run-transitions.ts'
import { SERVER_CLIENT } from '../models/rule-context.ts'
import { serverState } from '../models/server-state.ts'
import { formatTimestamp } from '@reeve/schemas/time'
import { readFlowRun } from '../models/flow-runs.ts'
import type { Service } from './service.ts'

const LATE_AFTER = 15_000_000
const MOST = 400

/** Names scheduled runs `Late` that should have started 15 seconds ago. */
export const lateRuns: Service = {
  name: 'late-runs',
  every: 5,
  async due(session) {
    const start = await firstScheduledStart(session)
    return start === undefined ? undefined : start + LATE_AFTER
  },
  async run(context, now) {
    const ids = await context.database.read((session) => readLateFlowRuns(session, now - LATE_AFTER, MOST))
    for (const id of ids) {
      await context.database.write(async (session) => {
        const run = await readFlowRun(session, id)
        const due = run?.next_scheduled_start_time
        if (!due || run.state_name !== 'Scheduled') return
        const state = serverState('SCHEDULED', context, {
          name: 'Late',
          state_details: { scheduled_time: formatTimestamp(due) },
        })
        await transitionFlowRun(
          session,
          { flow_run_id: id, state, policy: 'mark-late', client: SERVER_CLIENT },
          context,
        )
      })
    }
    return ids.length
  },
}
