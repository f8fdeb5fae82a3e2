import { z } from 'zod'
import { TimestampText, UuidText } from './scalars.ts'

/** A token that changing requests of one client must carry while the protection is on. */
export const CsrfToken = z
  .object({
    id: UuidText,
    created: TimestampText,
    updated: TimestampText,
    token: z.string(),
    client: z.string(),
    expiration: TimestampText,
  })
  .meta({ id: 'CsrfToken' })
export interface CsrfToken extends z.infer<typeof CsrfToken> {}
