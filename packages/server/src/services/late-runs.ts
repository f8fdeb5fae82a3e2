import { formatTimestamp } from '@reeve/schemas/time'
import type { Context } from '../context.ts'
import type { Session } from '../database/session.ts'
import { transitionFlowRun } from '../models/flow-run-transitions.ts'
import { readFlowRun } from '../models/flow-runs.ts'
import { firstScheduledStart, readLateFlowRuns } from '../models/overdue-flow-runs.ts'
import { SERVER_CLIENT } from '../models/rule-context.ts'
import { serverState } from '../models/server-state.ts'
import type { Service } from './service.ts'

const LATE_AFTER = 15_000_000
const MOST = 400
/** Of runs in one transaction, so that others get their turn. */
const TOGETHER = 50

/** Names scheduled runs `Late` that should have started 15 seconds ago. */
export const lateRuns: Service = {
  name: 'late-runs',
  every: 5,
  async due(session) {
    const start = await firstScheduledStart(session)
    return start === undefined ? undefined : start + LATE_AFTER
  },
  async run(context, now) {
    const before = now - LATE_AFTER
    const ids = await context.database.read((session) => readLateFlowRuns(session, before, MOST))
    let marked = 0
    for (let at = 0; at < ids.length; at += TOGETHER) {
      const some = ids.slice(at, at + TOGETHER)
      marked += await context.database.write(async (session) => {
        let late = 0
        for (const id of some) if (await markLate(session, id, before, context)) late++
        return late
      })
    }
    return marked
  },
}

/** Unless the run has moved, or was put off, since it was found. */
async function markLate(session: Session, id: string, before: number, context: Context): Promise<boolean> {
  const run = await readFlowRun(session, id)
  const due = run?.next_scheduled_start_time
  if (!due || due > before || run.state_name !== 'Scheduled') return false
  const state = serverState('SCHEDULED', context, {
    name: 'Late',
    state_details: { scheduled_time: formatTimestamp(due) },
  })
  const seen = run.state_id
  const proposal = { flow_run_id: id, state, policy: 'mark-late' as const, client: SERVER_CLIENT, seen }
  return (await transitionFlowRun(session, proposal, context))?.status === 'ACCEPT'
}
