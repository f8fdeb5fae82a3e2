import { formatTimestamp } from '@reeve/schemas/time'
import { firstScheduledStart, readLateFlowRuns } from '../models/overdue-flow-runs.ts'
import { SERVER_CLIENT } from '../models/rule-context.ts'
import { serverState } from '../models/server-state.ts'
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
    const late = await context.database.read((session) => readLateFlowRuns(session, now - LATE_AFTER, MOST))
    const moved = late.map(({ id, due }) => {
      const state = serverState('SCHEDULED', context, {
        name: 'Late',
        state_details: { scheduled_time: formatTimestamp(due) },
      })
      const proposal = { flow_run_id: id, state, policy: 'mark-late' as const, client: SERVER_CLIENT }
      return context.hotPath.setFlowRunState(proposal)
    })
    const results = await Promise.all(moved)
    return results.filter((result) => result?.status === 'ACCEPT').length
  },
}
