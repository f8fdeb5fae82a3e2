import type { ResponseDetails } from '@reeve/orchestration/types'
import { bulkSetFlowRunState as route } from '@reeve/schemas/routes/flow-runs'
import { readFlowRunIds } from '../../models/flow-runs.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { proposedState } from '../proposed-state.ts'
import { wireState } from '../wire/state.ts'

export const bulkSetFlowRunState = endpoint(route, async ({ context, client, body }) => {
  const ids = await context.database.scan((session) =>
    readFlowRunIds(session, { flowRunFilter: body.flow_runs, limit: body.limit }),
  )
  const results = await Promise.all(
    ids.map(async (id) => {
      const proposal = {
        flow_run_id: id,
        state: proposedState(body.state, context),
        policy: body.force ? ('force' as const) : ('core' as const),
        client,
      }
      const result = await context.hotPath
        .setFlowRunState(proposal)
        .catch((error: Error) => failed(error.message))
      const { status, state, details } = result ?? failed('The flow run is gone.')
      return { flow_run_id: id, status, state: wireState(state), details }
    }),
  )
  return ok({ results })
})

function failed(reason: string) {
  const details: ResponseDetails = { type: 'abort_details', reason }
  return { status: 'ABORT' as const, state: null, details }
}
