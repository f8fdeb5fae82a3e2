import { z } from 'zod'
import { embedded } from './embedded.ts'
import { Bool, Uuid, UuidText } from './scalars.ts'

/** The block that results are stored with when a flow names none. */
export const ServerDefaultResultStorage = z
  .object({ default_result_storage_block_id: UuidText.nullable() })
  .meta({ id: 'ServerDefaultResultStorage' })
export interface ServerDefaultResultStorage extends z.infer<typeof ServerDefaultResultStorage> {}

export const ServerDefaultResultStorageUpdate = z
  .object({ default_result_storage_block_id: Uuid })
  .meta({ id: 'ServerDefaultResultStorageUpdate' })
export interface ServerDefaultResultStorageUpdate extends z.infer<typeof ServerDefaultResultStorageUpdate> {}

/** What is asked changes the whole database, so it must be said twice. */
export const Confirmation = embedded({ confirm: Bool.default(false) })
