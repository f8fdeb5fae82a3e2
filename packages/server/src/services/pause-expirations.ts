import { readExpiredPauses, readPauseTimeouts } from '../models/overdue-flow-runs.ts'
import { SERVER_CLIENT } from '../models/rule-context.ts'
import { serverState } from '../models/server-state.ts'
import type { Service } from './service.ts'

/** Fails paused runs that nobody resumed in time. */
export const pauseExpirations: Service = {
  name: 'pause-expirations',
  every: 5,
  async due(session) {
    const timeouts = await readPauseTimeouts(session)
    return timeouts.length === 0 ? undefined : Math.min(...timeouts.map(({ at }) => at)) + 1
  },
  async run(context, now) {
    const runs = await context.database.read((session) => readExpiredPauses(session, now))
    const moved = runs.map(({ id, state_id: seen }) => {
      const state = serverState('FAILED', context, { message: 'The flow was paused and never resumed.' })
      const proposal = { flow_run_id: id, state, policy: 'force' as const, client: SERVER_CLIENT, seen }
      return context.hotPath.setFlowRunState(proposal)
    })
    return (await Promise.all(moved)).filter(Boolean).length
  },
}
