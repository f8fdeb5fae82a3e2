import type { Json, JsonObject } from '@reeve/schemas/json'
import { renderTemplate, templateFault } from '../templates/render.ts'

/** What stands where a value was given by a recipe: the value, nothing, or why there is none. */
export type Hydrated =
  | { value: Json }
  | { removed: true }
  | { error: string }
  /** A template that may be right, and is not to be rendered. */
  | { unrendered: true }

/** Looks a workspace variable up; undefined when there is none of that name. */
export type VariableLookup = (name: string) => Promise<Json | undefined>

export type Recipe = JsonObject & { __prefect_kind: Json }

type Options = { render?: boolean }
type Use = (value: Json) => Hydrated | Promise<Hydrated>

const KIND = '__prefect_kind'
const REMOVED = { removed: true } as const

/** Whether this stands for another value. */
export function isRecipe(value: Json): value is Recipe {
  return isObject(value) && KIND in value
}

/**
 * Replaces every object with a `__prefect_kind` by what it stands for: `none`, `json`, `jinja` (a template,
 * rendered without any names unless `render` is false) or `workspace_variable`. Ends at the first that stands for
 * nothing.
 */
export async function hydrate(
  value: Json,
  variable: VariableLookup,
  options: Options = {},
): Promise<Hydrated> {
  if (isRecipe(value)) return apply(value, variable, options)
  if (Array.isArray(value)) {
    const kept: Json[] = []
    for (const item of value) {
      const hydrated = await hydrate(item, variable, options)
      if ('error' in hydrated || 'unrendered' in hydrated) return hydrated
      if ('value' in hydrated) kept.push(hydrated.value)
    }
    return { value: kept }
  }
  if (!isObject(value)) return { value }
  const kept: JsonObject = {}
  for (const [key, member] of Object.entries(value)) {
    const hydrated = await hydrate(member, variable, options)
    if ('error' in hydrated || 'unrendered' in hydrated) return hydrated
    if ('value' in hydrated) kept[key] = hydrated.value
  }
  return { value: kept }
}

async function apply(recipe: Recipe, variable: VariableLookup, options: Options): Promise<Hydrated> {
  const follow = (ingredient: Json, use: Use) => followed(ingredient, variable, options, use)
  switch (recipe[KIND]) {
    case 'none':
      return recipe['value'] === undefined ? missing('value') : hydrate(recipe['value'], variable, options)
    case 'json':
      return recipe['value'] === undefined ? REMOVED : follow(recipe['value'], parsed)
    case 'jinja':
      return recipe['template'] === undefined
        ? missing('template')
        : follow(recipe['template'], (template) => rendered(template, options))
    case 'workspace_variable':
      return recipe['variable_name'] === undefined
        ? REMOVED
        : follow(recipe['variable_name'], (name) => looked(name, variable))
    default:
      return { value: recipe['value'] ?? null }
  }
}

const missing = (key: string) => ({ error: `Missing '${key}' key in __prefect object` })

/** An ingredient may be an object that stands for another value itself; lists are taken as they are. */
async function followed(
  ingredient: Json,
  variable: VariableLookup,
  options: Options,
  use: Use,
): Promise<Hydrated> {
  const hydrated = isObject(ingredient) ? await hydrate(ingredient, variable, options) : { value: ingredient }
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

function rendered(template: Json, { render = true }: Options): Hydrated {
  if (typeof template !== 'string') return { error: 'Invalid jinja: a template is a text' }
  const fault = templateFault(template)
  if (fault !== undefined) return { error: `Invalid jinja: ${fault}` }
  if (!render) return { unrendered: true }
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
