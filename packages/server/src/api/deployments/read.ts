import {
  readDeployment as route,
  readDeploymentByName as byNameRoute,
} from '@reeve/schemas/routes/deployments'
import { readDeployment as read, readDeploymentByName as readByName } from '../../models/deployments.ts'
import { ok, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireDeployment } from '../wire/deployment.ts'

export const readDeployment = endpoint(route, async ({ context, params }) => {
  const found = await context.database.read((session) => read(session, params.id, context))
  return found ? ok(wireDeployment(found)) : refuse(404, 'Deployment not found')
})

export const readDeploymentByName = endpoint(byNameRoute, async ({ context, params }) => {
  const { flow_name, deployment_name } = params
  const found = await context.database.read((session) =>
    readByName(session, flow_name, deployment_name, context),
  )
  return found ? ok(wireDeployment(found)) : refuse(404, 'Deployment not found')
})
