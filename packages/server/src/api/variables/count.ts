import { countVariables as route } from '@reeve/schemas/routes/variables'
import { countVariables as count } from '../../models/variables.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const countVariables = endpoint(route, async ({ context, body }) =>
  ok(await context.database.scan((session) => count(session, body.variables))),
)
