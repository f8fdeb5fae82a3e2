import { deleteArtifact as route } from '@reeve/schemas/routes/artifacts'
import { deleteArtifact as remove } from '../../models/artifacts.ts'
import { noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { artifactNotFound } from './not-found.ts'

export const deleteArtifact = endpoint(route, async ({ context, params }) => {
  const found = await context.database.write((session) => remove(session, params.id, context))
  return found ? noContent() : artifactNotFound()
})
