import { installSystemBlockTypes as route } from '@reeve/schemas/routes/block-types'
import { installSystemBlockTypes as install } from '../../models/system-block-types.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const installSystemBlockTypes = endpoint(route, async ({ context }) => {
  await context.database.write((session) => install(session, context))
  return ok(null)
})
