import type { Endpoint } from '../endpoint.ts'
import { countLatestArtifacts } from './count-latest.ts'
import { countArtifacts } from './count.ts'
import { createArtifact } from './create.ts'
import { deleteArtifact } from './delete.ts'
import { filterLatestArtifacts } from './filter-latest.ts'
import { filterArtifacts } from './filter.ts'
import { readLatestArtifact } from './read-latest.ts'
import { readArtifact } from './read.ts'
import { updateArtifact } from './update.ts'

export const ARTIFACT_ENDPOINTS: readonly Endpoint[] = [
  createArtifact,
  readArtifact,
  readLatestArtifact,
  filterArtifacts,
  filterLatestArtifacts,
  countArtifacts,
  countLatestArtifacts,
  updateArtifact,
  deleteArtifact,
]
