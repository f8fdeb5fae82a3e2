import type { Json, JsonObject } from '@reeve/schemas/json'
import { validateSchemaValues as route } from '@reeve/schemas/routes/ui'
import { readVariable } from '../../models/variables.ts'
import { hydrate } from '../../run-input/hydrate.ts'
import type { VariableLookup } from '../../run-input/hydrate.ts'
import { nestedErrors, schemaErrors } from '../../run-input/schema-errors.ts'
import type { Complaint } from '../../run-input/schema-errors.ts'
import { ok, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const validateSchemaValues = endpoint(route, async ({ context, body }) => {
  const hydrated = await context.database.read((session) =>
    hydrateEach(body.values, async (name) => (await readVariable(session, { name }))?.value),
  )
  const checked = await schemaErrors(body.schema, hydrated.values)
  if ('fault' in checked) return refuse(422, checked.fault)
  const known = checked.complaints.filter(({ path }) => !hydrated.unchecked.has(String(path[0])))
  const errors = nestedErrors([...hydrated.complaints, ...known])
  return ok({ errors, valid: errors.length === 0 })
})

/** A template is filled in when a run is made, so its value is not known yet. */
function isTemplate(value: Json): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    value['__prefect_kind'] === 'jinja'
  )
}

async function hydrateEach(given: JsonObject, variable: VariableLookup) {
  const values: JsonObject = {}
  const complaints: Complaint[] = []
  const unchecked = new Set<string>()
  for (const [name, value] of Object.entries(given)) {
    const hydrated = isTemplate(value) ? { value: null } : await hydrate(value, variable)
    if ('error' in hydrated) complaints.push({ path: [name], message: hydrated.error })
    if ('error' in hydrated || isTemplate(value)) unchecked.add(name)
    if ('value' in hydrated) values[name] = hydrated.value
  }
  return { values, complaints, unchecked }
}
