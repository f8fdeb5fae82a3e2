import { readBlockCapabilities as route } from '@reeve/schemas/routes/block-schemas'
import { readBlockCapabilities as read } from '../../models/block-schemas.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const readBlockCapabilities = endpoint(route, async ({ context }) =>
  ok(await context.database.read(read)),
)
