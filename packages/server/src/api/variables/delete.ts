import { deleteVariableByName as byNameRoute, deleteVariable as route } from '@reeve/schemas/routes/variables'
import type { Context } from '../../context.ts'
import { deleteVariable as deleteRow } from '../../models/variables.ts'
import type { VariableKey } from '../../models/variables.ts'
import { noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { variableNotFound } from './not-found.ts'

export const deleteVariable = endpoint(route, ({ context, params }) => remove(context, params))
export const deleteVariableByName = endpoint(byNameRoute, ({ context, params }) => remove(context, params))

async function remove(context: Context, key: VariableKey) {
  const found = await context.database.write((session) => deleteRow(session, key, context))
  return found ? noContent() : variableNotFound()
}
