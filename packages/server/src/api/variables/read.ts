import { readVariableByName as byNameRoute, readVariable as route } from '@reeve/schemas/routes/variables'
import type { Context } from '../../context.ts'
import { readVariable as readRow } from '../../models/variables.ts'
import type { VariableKey } from '../../models/variables.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireVariable } from '../wire/variable.ts'
import { variableNotFound } from './not-found.ts'

export const readVariable = endpoint(route, ({ context, params }) => read(context, params))
export const readVariableByName = endpoint(byNameRoute, ({ context, params }) => read(context, params))

async function read(context: Context, key: VariableKey) {
  const variable = await context.database.read((session) => readRow(session, key))
  return variable ? ok(wireVariable(variable)) : variableNotFound()
}
