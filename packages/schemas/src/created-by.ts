import { z } from 'zod'
import { UuidText } from './scalars.ts'

/** What made a run or changed a deployment: an automation or a schedule. */
export const CreatedBy = z
  .object({
    id: UuidText.nullable(),
    type: z.string().nullable(),
    display_value: z.string().nullable(),
  })
  .meta({ id: 'CreatedBy' })
export interface CreatedBy extends z.infer<typeof CreatedBy> {}
