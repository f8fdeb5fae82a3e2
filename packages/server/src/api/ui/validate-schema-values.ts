import type { Json, JsonObject } from '@reeve/schemas/json'
import { validateSchemaValues as route } from '@reeve/schemas/routes/ui'
import { readVariable } from '../../models/variables.ts'
import { CIRCULAR, checkValue } from '../../run-input/check-value.ts'
import { hydrate, isRecipe } from '../../run-input/hydrate.ts'
import type { VariableLookup } from '../../run-input/hydrate.ts'
import { nestedErrors } from '../../run-input/nested-errors.ts'
import type { Complaint } from '../../run-input/nested-errors.ts'
import { PLACEHOLDER, Placeholder } from '../../run-input/placeholder.ts'
import { ok, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const validateSchemaValues = endpoint(route, async ({ context, body }) => {
  const { values, places } = await context.database.read((session) =>
    withPlaceholders(body.values, async (name) => (await readVariable(session, { name }))?.value),
  )
  const checked = await checkValue(body.schema, values, { interactive: true })
  if ('circular' in checked) return refuse(422, CIRCULAR)
  if ('unusable' in checked) return refuse(422, `Invalid schema: ${checked.unusable}`)
  const told = checked.faults.filter(
    ({ path, keyword }) => keyword === PLACEHOLDER || !places.some((place) => isUnder(path, place)),
  )
  const complaints = told.map(({ path, keyword, message }): Complaint => {
    // A property that is missing is complained of where it should be.
    const missing = keyword === 'required' ? /^'(.*)' is/.exec(message)?.[1] : undefined
    return { path: missing === undefined ? path : [...path, missing], message }
  })
  const errors = nestedErrors(complaints)
  return ok({ errors, valid: errors.length === 0 })
})

type Path = (string | number)[]

/** The values filled in, as far as they are known, and where they are not. */
async function withPlaceholders(given: JsonObject, variable: VariableLookup) {
  const places: Path[] = []
  const visit = async (value: Json, path: Path): Promise<Json | undefined> => {
    if (isRecipe(value)) {
      const hydrated = await hydrate(value, variable, { render: false })
      if ('removed' in hydrated) return undefined
      if ('value' in hydrated) return hydrated.value
      places.push(path)
      return new Placeholder('error' in hydrated ? hydrated.error : undefined) as unknown as Json
    }
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) {
      const kept: Json[] = []
      for (const item of value) {
        const visited = await visit(item, [...path, kept.length])
        if (visited !== undefined) kept.push(visited)
      }
      return kept
    }
    const kept: JsonObject = {}
    for (const [name, member] of Object.entries(value)) {
      const visited = await visit(member, [...path, name])
      if (visited !== undefined) kept[name] = visited
    }
    return kept
  }
  return { values: (await visit(given, [])) ?? {}, places }
}

const isUnder = (path: Path, place: Path) => place.every((part, index) => path[index] === part)
