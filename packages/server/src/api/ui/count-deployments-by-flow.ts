import { countDeploymentsByFlow as route } from '@reeve/schemas/routes/ui'
import { countDeploymentsOfFlows } from '../../models/dashboard.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const countDeploymentsByFlow = endpoint(route, async ({ context, body }) =>
  ok(await context.database.read((session) => countDeploymentsOfFlows(session, body.flow_ids))),
)
