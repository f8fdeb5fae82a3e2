import { z } from 'zod'
import { Bool, Uuid } from '../scalars.ts'

/** `/:id` of a row. */
export const idParams = z.object({ id: Uuid })

/** Whether secret values of blocks come as they are. */
export const IncludeSecrets = z.object({ include_secrets: Bool.default(false) })
