import { z } from 'zod'
import { flag, idAnyOf, operator, text, textAnyOrNot, texts } from './operators.ts'

const criteria = {
  key: z.strictObject({ any_: texts, like_: text, exists_: flag }).nullish(),
  flow_run_id: idAnyOf,
  task_run_id: idAnyOf,
  type: textAnyOrNot,
}

/** Which artifacts. `key.exists_` asks for those with, or without, a key. */
export const ArtifactFilter = z
  .strictObject({ operator, id: idAnyOf, ...criteria })
  .meta({ id: 'ArtifactFilter' })
export interface ArtifactFilter extends z.infer<typeof ArtifactFilter> {}

/** Which artifact collections, by the newest artifact of each. */
export const ArtifactCollectionFilter = z
  .strictObject({ operator, latest_id: idAnyOf, ...criteria })
  .meta({ id: 'ArtifactCollectionFilter' })
export interface ArtifactCollectionFilter extends z.infer<typeof ArtifactCollectionFilter> {}
