import { readLatestArtifact as route } from '@reeve/schemas/routes/artifacts'
import { readLatestArtifact as read } from '../../models/artifacts.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireArtifact } from '../wire/artifact.ts'
import { artifactNotFound } from './not-found.ts'

/** The id in the answer is that of the collection. */
export const readLatestArtifact = endpoint(route, async ({ context, params }) => {
  const collection = await context.database.read((session) => read(session, params.key))
  return collection ? ok(wireArtifact(collection)) : artifactNotFound()
})
