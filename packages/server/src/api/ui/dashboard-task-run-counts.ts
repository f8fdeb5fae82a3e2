import { dashboardTaskRunCounts as route } from '@reeve/schemas/routes/ui'
import type { Timestamp } from '@reeve/schemas/time'
import { countFinishedTaskRuns } from '../../models/dashboard.ts'
import { ok, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { runFilters } from '../run-filters.ts'

const MINUTE = 60_000_000
const SLICES = 20

const startOfMinute = (time: Timestamp) => Math.floor(time / MINUTE) * MINUTE

export const dashboardTaskRunCounts = endpoint(route, async ({ context, client, now, body }) => {
  const { start_time } = body.task_runs
  if (start_time?.after_ == null) return refuse(422, 'task_runs.start_time.after_ is required')
  const span = {
    start: startOfMinute(start_time.after_),
    end: startOfMinute(start_time.before_ ?? now) + MINUTE,
    slices: SLICES,
  }
  // Only finished runs are counted, whatever states the caller named.
  const given = runFilters(body, client)
  const filters = { ...given, taskRunFilter: { ...body.task_runs, ...given.taskRunFilter, state: null } }
  return ok(await context.database.scan((session) => countFinishedTaskRuns(session, filters, span)))
})
