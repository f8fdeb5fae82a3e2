import { nextRunsByFlow as route } from '@reeve/schemas/routes/ui'
import { formatTimestamp } from '@reeve/schemas/time'
import { readNextRuns } from '../../models/dashboard.ts'
import type { NextRun } from '../../models/dashboard.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const nextRunsByFlow = endpoint(route, async ({ context, body }) => {
  const runs = await context.database.scan((session) => readNextRuns(session, body.flow_ids))
  return ok(Object.fromEntries(body.flow_ids.map((id) => [id, wireNextRun(runs.get(id))])))
})

function wireNextRun(run: NextRun | undefined) {
  if (!run) return null
  return { ...run, next_scheduled_start_time: formatTimestamp(run.next_scheduled_start_time) }
}
