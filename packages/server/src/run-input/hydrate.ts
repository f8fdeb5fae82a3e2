import type { Json, JsonObject } from '@reeve/schemas/json'
import { renderTemplate, templateFault } from '../templates/render.ts'

/** What stands where a value was given by a recipe: the value, nothing, or why there is none. */
export type Hydrated = { value: Json } | { removed: true } | { error: string }

/** Looks a workspace variable up; undefined when there is none of that name. */
export type VariableLookup = (name: string) => Promise<Json | undefined>

export type Recipe = JsonObject & { __prefect_kind: Json }

const KIND = '__prefect_kind'
const REMOVED = { removed: true } as const

/** Whether this stands for another value. */
export function isRecipe(value: Json): value is Recipe {
  return isObject(value) && KIND in value
}

/**
 * Replaces every object with a `__prefect_kind` by what it stands for: `none`, `json`, `jinja` (a template,
 * rendered without any names) or `workspace_variable`. Ends at the first that stands for nothing.
 */
export async function hydrate(value: Json, variable: VariableLookup): Promise<Hydrated> {
  if (isRecipe(value)) return apply(value, variable)
  if (Array.isArray(value)) {
    const kept: Json[] = []
    for (const item of value) {
      const hydrated = await hydrate(item, variable)
      if ('error' in hydrated) return hydrated
      if ('value' in hydrated) kept.push(hydrated.value)
    }
    return { value: kept }
  }
  if (!isObject(value)) return { value }
  const kept: JsonObject = {}
  for (const [key, member] of Object.entries(value)) {
    const hydrated = await hydrate(member, variable)
    if ('error' in hydrated) return hydrated
    if ('value' in hydrated) kept[key] = hydrated.value
  }
  return { value: kept }
}

async function apply(recipe: Recipe, variable: VariableLookup): Promise<Hydrated> {
  switch (recipe[KIND]) {
    case 'none':
      return recipe['value'] === undefined ? missing('value') : hydrate(recipe['value'], variable)
    case 'json':
      return recipe['value'] === undefined ? REMOVED : followed(recipe['value'], variable, parsed)
    case 'jinja':
      return recipe['template'] === undefined
        ? missing('template')
        : followed(recipe['template'], variable, rendered)
    case 'workspace_variable':
      return recipe['variable_name'] === undefined
        ? REMOVED
        : followed(recipe['variable_name'], variable, (name) => looked(name, variable))
    default:
      return { value: recipe['value'] ?? null }
  }
}

const missing = (key: string) => ({ error: `Missing '${key}' key in __prefect object` })

/** An ingredient may be an object that stands for another value itself; lists are taken as they are. */
async function followed(
  ingredient: Json,
  variable: VariableLookup,
  use: (value: Json) => Hydrated | Promise<Hydrated>,
): Promise<Hydrated> {
  const hydrated = isObject(ingredient) ? await hydrate(ingredient, variable) : { value: ingredient }
  return 'value' in hydrated ? use(hydrated.value) : hydrated
}

function parsed(value: Json): Hydrated {
  if (typeof value !== 'string') return { value }
  try {
    return { value: JSON.parse(value) as Json }
  } catch (error) {
    return { error: `Invalid JSON: ${(error as Error).message}` }
  }
}

function rendered(template: Json): Hydrated {
  if (typeof template !== 'string') return { error: 'Invalid jinja: a template is a text' }
  const fault = templateFault(template)
  if (fault !== undefined) return { error: `Invalid jinja: ${fault}` }
  const result = renderTemplate(template, {})
  return 'text' in result ? { value: result.text } : { error: `Invalid jinja: ${result.error}` }
}

async function looked(name: Json, variable: VariableLookup): Promise<Hydrated> {
  const value = typeof name === 'string' ? await variable(name) : undefined
  return value === undefined ? { error: `Variable '${String(name)}' not found in workspace.` } : { value }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
