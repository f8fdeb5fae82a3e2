import { createVariable as route } from '@reeve/schemas/routes/variables'
import { createVariable as create } from '../../models/variables.ts'
import { created, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireVariable } from '../wire/variable.ts'

export const createVariable = endpoint(route, async ({ context, body }) => {
  const variable = await context.database.write((session) => create(session, body, context))
  return variable
    ? created(wireVariable(variable))
    : refuse(409, `A variable with the name '${body.name}' already exists.`)
})
