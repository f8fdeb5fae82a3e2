import { updateVariableByName as byNameRoute, updateVariable as route } from '@reeve/schemas/routes/variables'
import type { VariableUpdate } from '@reeve/schemas/variable'
import type { Context } from '../../context.ts'
import { updateVariable as updateRow } from '../../models/variables.ts'
import type { VariableKey } from '../../models/variables.ts'
import { noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { variableNotFound } from './not-found.ts'

export const updateVariable = endpoint(route, ({ context, params, body }) => update(context, params, body))
export const updateVariableByName = endpoint(byNameRoute, ({ context, params, body }) =>
  update(context, params, body),
)

async function update(context: Context, key: VariableKey, patch: VariableUpdate) {
  const found = await context.database.write((session) => updateRow(session, key, patch, context))
  return found ? noContent() : variableNotFound()
}
