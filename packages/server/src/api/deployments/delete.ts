import { deleteDeployment as route } from '@reeve/schemas/routes/deployments'
import { deleteDeployment as remove } from '../../models/deployments.ts'
import { noContent, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const deleteDeployment = endpoint(route, async ({ context, params }) => {
  const deleted = await context.database.write((session) => remove(session, params.id, context))
  return deleted ? noContent() : refuse(404, 'Deployment not found')
})
