import { z } from 'zod'
import { JsonValue, TimestampText, Uuid, UuidText } from './scalars.ts'

const metadata = z.record(z.string(), z.string())

/** Something a run produced for people or for other runs to read. */
export const Artifact = z
  .object({
    id: UuidText,
    created: TimestampText,
    updated: TimestampText,
    key: z.string().nullable(),
    type: z.string().nullable(),
    description: z.string().nullable(),
    data: JsonValue.nullable(),
    metadata_: metadata.nullable(),
    flow_run_id: UuidText.nullable(),
    task_run_id: UuidText.nullable(),
  })
  .meta({ id: 'Artifact' })
export interface Artifact extends z.infer<typeof Artifact> {}

/** The newest artifact of a key; `id` is that of the collection, `latest_id` that of the artifact. */
export const ArtifactCollection = Artifact.extend({ key: z.string(), latest_id: UuidText }).meta({
  id: 'ArtifactCollection',
})
export interface ArtifactCollection extends z.infer<typeof ArtifactCollection> {}

const ArtifactKey = z.string().regex(/^[a-z0-9-]*$/, {
  message: 'Value error, Artifact key must only contain lowercase letters, numbers, and dashes.',
})
const optionalText = z.string().nullable().default(null)

export const ArtifactCreate = z
  .strictObject({
    key: ArtifactKey.nullable().default(null),
    type: optionalText,
    description: optionalText,
    data: JsonValue.nullable().default(null),
    metadata_: metadata.nullable().default(null),
    flow_run_id: Uuid.nullable().default(null),
    task_run_id: Uuid.nullable().default(null),
  })
  .meta({ id: 'ArtifactCreate' })
export interface ArtifactCreate extends z.infer<typeof ArtifactCreate> {}

/** Only the keys that are present are written. */
export const ArtifactUpdate = z
  .strictObject({
    data: JsonValue.nullish(),
    description: z.string().nullish(),
    metadata_: metadata.nullish(),
  })
  .meta({ id: 'ArtifactUpdate' })
export interface ArtifactUpdate extends z.infer<typeof ArtifactUpdate> {}
