import { updateArtifact as route } from '@reeve/schemas/routes/artifacts'
import { updateArtifact as update } from '../../models/artifacts.ts'
import { noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { artifactNotFound } from './not-found.ts'

export const updateArtifact = endpoint(route, async ({ context, params, body }) => {
  const found = await context.database.write((session) => update(session, params.id, body, context))
  return found ? noContent() : artifactNotFound()
})
