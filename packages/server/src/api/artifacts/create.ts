import { createArtifact as route } from '@reeve/schemas/routes/artifacts'
import { createArtifact as create } from '../../models/artifacts.ts'
import { created } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireArtifact } from '../wire/artifact.ts'

export const createArtifact = endpoint(route, async ({ context, body }) =>
  created(wireArtifact(await context.database.write((session) => create(session, body, context)))),
)
