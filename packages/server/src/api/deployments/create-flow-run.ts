import type { Json, JsonObject } from '@reeve/schemas/json'
import type { DeploymentFlowRunCreate } from '@reeve/schemas/deployment'
import { createFlowRunFromDeployment as route } from '@reeve/schemas/routes/deployments'
import type { Context } from '../../context.ts'
import { readDeployment } from '../../models/deployments.ts'
import type { DeploymentRecord } from '../../models/deployments.ts'
import { serverState } from '../../models/server-state.ts'
import { readVariable } from '../../models/variables.ts'
import { hydrate } from '../../run-input/hydrate.ts'
import { CIRCULAR, complaintAbout } from '../../run-input/check-value.ts'
import { refuse } from '../answer.ts'
import type { Answer } from '../answer.ts'
import { createdBy } from '../created-by.ts'
import { endpoint } from '../endpoint.ts'
import { parametersTooLarge } from '../parameters-size.ts'
import { proposedState } from '../proposed-state.ts'
import { wireFlowRun } from '../wire/flow-run.ts'

export const createFlowRunFromDeployment = endpoint(
  route,
  async ({ context, client, params, body, headers }) => {
    const deployment = await context.database.read((session) => readDeployment(session, params.id, context))
    if (!deployment) return refuse(404, 'Deployment not found')
    if (body.work_queue_name !== null) {
      return refuse(
        400,
        `Cannot create flow run in work queue ${body.work_queue_name} because deployment ${deployment.id} is not associated with a work pool. Please remove work_pool_name and try again.`,
      )
    }
    const parameters = await parametersOf(context, deployment, body)
    if ('status' in parameters) return parameters.status
    const tooLarge = parametersTooLarge(parameters.values, context.settings.max_parameter_bytes, body)
    if (tooLarge) return tooLarge
    const creation = {
      flowRun: {
        ...body,
        flow_id: deployment.flow_id,
        deployment_id: deployment.id,
        flow_version: null,
        parameters: parameters.values,
        tags: [...new Set([...deployment.tags, ...body.tags])],
        infrastructure_document_id: body.infrastructure_document_id ?? deployment.infrastructure_document_id,
      },
      state: body.state ? proposedState(body.state, context) : serverState('SCHEDULED', context),
      work_queue: null,
      deployment_version: deployment.version,
      created_by: createdBy(headers),
      client,
    }
    const { flowRun, created } = await context.hotPath.createFlowRun(creation)
    return { status: created ? 201 : 200, body: wireFlowRun(flowRun, context.clock.now()) }
  },
)

/** The deployment's parameters with the run's over them, filled in, and checked where the schema is enforced. */
async function parametersOf(
  { database }: Context,
  deployment: DeploymentRecord,
  body: DeploymentFlowRunCreate,
): Promise<{ values: JsonObject } | { status: Answer }> {
  const given: Json = { ...deployment.parameters, ...body.parameters }
  const hydrated = await database.read((session) =>
    hydrate(given, async (name) => (await readVariable(session, { name }))?.value),
  )
  if ('error' in hydrated) {
    return { status: refuse(400, `Error hydrating flow run parameters: ${hydrated.error}`) }
  }
  const values = ('value' in hydrated ? hydrated.value : {}) as JsonObject
  const schema = deployment.parameter_openapi_schema
  if (!(body.enforce_parameter_schema ?? deployment.enforce_parameter_schema) || schema === null)
    return { values }
  const complaint = await complaintAbout(schema, values)
  if (!complaint) return { values }
  return {
    status:
      'circular' in complaint
        ? refuse(422, CIRCULAR)
        : refuse(409, `Error creating flow run: ${complaint.complaint}`),
  }
}
