import type { Json, JsonObject } from '@reeve/schemas/json'

/** What stands where a value was given by a recipe: the value, nothing, or why there is none. */
export type Hydrated = { value: Json } | { removed: true } | { error: string }

/** Looks a workspace variable up; undefined when there is none of that name. */
export type VariableLookup = (name: string) => Promise<Json | undefined>

const KIND = '__prefect_kind'
const REMOVED = { removed: true } as const

/**
 * Replaces every object with a `__prefect_kind` by what it stands for, innermost first. Templates (`jinja`)
 * are refused unless they hold nothing to fill in.
 */
export async function hydrate(value: Json, variable: VariableLookup): Promise<Hydrated> {
  if (Array.isArray(value)) return hydrateList(value, variable)
  if (typeof value !== 'object' || value === null) return { value }
  const members = await hydrateMembers(value, variable)
  if ('error' in members || !(KIND in value)) return members
  return applyKind(members.value as JsonObject, variable)
}

async function hydrateList(list: Json[], variable: VariableLookup): Promise<Hydrated> {
  const kept: Json[] = []
  for (const item of list) {
    const hydrated = await hydrate(item, variable)
    if ('error' in hydrated) return hydrated
    if ('value' in hydrated) kept.push(hydrated.value)
  }
  return { value: kept }
}

async function hydrateMembers(
  object: JsonObject,
  variable: VariableLookup,
): Promise<{ value: Json } | { error: string }> {
  const kept: JsonObject = {}
  for (const [key, member] of Object.entries(object)) {
    const hydrated = await hydrate(member, variable)
    if ('error' in hydrated) return hydrated
    if ('value' in hydrated) kept[key] = hydrated.value
  }
  return { value: kept }
}

async function applyKind(object: JsonObject, variable: VariableLookup): Promise<Hydrated> {
  switch (object[KIND]) {
    case 'none':
      return object['value'] === undefined
        ? { error: "Missing 'value' key in __prefect object" }
        : { value: object['value'] }
    case 'json':
      return readJson(object['value'])
    case 'jinja':
      return readTemplate(object['template'])
    case 'workspace_variable':
      return readVariable(object['variable_name'], variable)
    default:
      return { value: object['value'] ?? null }
  }
}

function readJson(value: Json | undefined): Hydrated {
  if (value === undefined) return REMOVED
  if (typeof value !== 'string') return { value }
  try {
    return { value: JSON.parse(value) as Json }
  } catch (error) {
    return { error: `Invalid JSON: ${(error as Error).message}` }
  }
}

function readTemplate(template: Json | undefined): Hydrated {
  if (typeof template !== 'string') return { error: "Missing 'template' key in __prefect object" }
  if (!template.includes('{{') && !template.includes('{%')) return { value: template }
  return { error: 'Invalid jinja: this server does not render templates yet' }
}

async function readVariable(name: Json | undefined, variable: VariableLookup): Promise<Hydrated> {
  if (name === undefined) return REMOVED
  const value = await variable(String(name))
  return value === undefined ? { error: `Variable '${String(name)}' not found in workspace.` } : { value }
}
