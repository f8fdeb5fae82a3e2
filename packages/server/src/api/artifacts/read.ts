import { readArtifact as route } from '@reeve/schemas/routes/artifacts'
import { readArtifact as read } from '../../models/artifacts.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireArtifact } from '../wire/artifact.ts'
import { artifactNotFound } from './not-found.ts'

export const readArtifact = endpoint(route, async ({ context, params }) => {
  const artifact = await context.database.read((session) => read(session, params.id))
  return artifact ? ok(wireArtifact(artifact)) : artifactNotFound()
})
