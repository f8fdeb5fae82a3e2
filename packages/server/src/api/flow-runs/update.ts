import { updateFlowRun as route } from '@reeve/schemas/routes/flow-runs'
import type { FlowRunUpdate } from '@reeve/schemas/flow-run'
import type { Context } from '../../context.ts'
import type { Session } from '../../database/session.ts'
import { readDeploymentLimitId } from '../../models/deployment-limit.ts'
import { readFlowRun, updateFlowRun as update } from '../../models/flow-runs.ts'
import type { FlowRunPatch } from '../../models/flow-runs.ts'
import { compactPolicy } from '../../models/policies.ts'
import { randomRunName } from '@reeve/schemas/run-name'
import { noContent, refuse } from '../answer.ts'
import type { Answer } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { parametersTooLarge } from '../parameters-size.ts'
import { flowRunNotFound } from './not-found.ts'

export const updateFlowRun = endpoint(route, async ({ context, params, body }) => {
  const tooLarge =
    body.parameters && parametersTooLarge(body.parameters, context.settings.max_parameter_bytes, body)
  if (tooLarge) return tooLarge
  return context.database.write(async (session) => {
    const refusal = body.job_variables && (await jobVariablesRefused(session, params.id))
    if (refusal) return refusal
    const updated = await update(session, params.id, patchOf(body, context), context)
    return updated ? noContent() : flowRunNotFound()
  })
})

function patchOf({ name, empirical_policy, ...fields }: FlowRunUpdate, context: Context): FlowRunPatch {
  const patch: FlowRunPatch = fields
  if (name !== undefined) patch.name = name || randomRunName(context.random)
  if (empirical_policy) patch.empirical_policy = compactPolicy(empirical_policy)
  return patch
}

/** Job variables may change until the run's infrastructure is asked for. */
async function jobVariablesRefused(session: Session, flowRunId: string): Promise<Answer | undefined> {
  const run = await readFlowRun(session, flowRunId)
  if (!run) return flowRunNotFound()
  if (!run.state) return refuse(400, 'Flow run state is required to update job variables but none exists')
  if (run.state.type !== 'SCHEDULED') {
    return refuse(400, `Job variables for a flow run in state ${run.state.type} cannot be updated`)
  }
  if ((await readDeploymentLimitId(session, run.deployment_id)) === undefined) {
    return refuse(400, 'A deployment for the flow run could not be found')
  }
  return undefined
}
