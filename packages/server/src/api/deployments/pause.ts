import {
  pauseDeployment as pauseRoute,
  resumeDeployment as resumeRoute,
} from '@reeve/schemas/routes/deployments'
import type { Context } from '../../context.ts'
import { setDeploymentPaused } from '../../models/deployments.ts'
import { ok, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const pauseDeployment = endpoint(pauseRoute, ({ context, params }) => set(context, params.id, true))
export const resumeDeployment = endpoint(resumeRoute, ({ context, params }) => set(context, params.id, false))

async function set(context: Context, id: string, paused: boolean) {
  const found = await context.database.write((session) => setDeploymentPaused(session, id, paused, context))
  return found ? ok(null) : refuse(404, 'Deployment not found')
}
