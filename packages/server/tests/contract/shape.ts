/** The keywords of JSON Schema that the two documents use. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  items?: Schema
  prefixItems?: Schema[]
  properties?: { [name: string]: Schema }
  required?: string[]
  additionalProperties?: boolean | Schema
  format?: string
  default?: unknown
  [keyword: string]: unknown
}

/** A schema with references followed and unions flattened, so that two spellings of the same thing are equal. */
export interface Shape {
  /** `any` when nothing is said. */
  kinds: Set<string>
  /** Values of enums and constants; undefined when other texts fit too. */
  choices: Set<unknown> | undefined
  objects: Schema[]
  arrays: Schema[]
  /** An empty one stands for a plain text. */
  formats: Set<string>
  bounds: Map<string, unknown>
  default: unknown
}

export type Resolve = (ref: string) => Schema

const BOUNDS = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'pattern',
]

export function shapeOf(schema: Schema, resolve: Resolve): Shape {
  const shape: Shape = {
    kinds: new Set(),
    choices: new Set(),
    objects: [],
    arrays: [],
    formats: new Set(),
    bounds: new Map(),
    default: schema.default,
  }
  addTo(shape, schema, resolve)
  if (shape.choices?.size === 0) shape.choices = undefined
  return EVERY_KIND.every((kind) => shape.kinds.has(kind)) ? { ...shape, ...ANYTHING } : shape
}

const EVERY_KIND = ['string', 'number', 'boolean', 'object', 'array', 'null']
const ANYTHING = { kinds: new Set(['any']), objects: [], arrays: [], choices: undefined }

function addTo(shape: Shape, schema: Schema, resolve: Resolve): void {
  if (schema.$ref) return addTo(shape, resolve(schema.$ref), resolve)
  const parts = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (parts) return parts.forEach((part) => addTo(shape, part, resolve))
  const kinds = [schema.type ?? (schema.enum || 'const' in schema ? 'string' : 'any')].flat()
  for (const kind of kinds) {
    shape.kinds.add(kind)
    if (kind === 'object') shape.objects.push(schema)
    if (kind === 'array') shape.arrays.push(schema)
    if (kind === 'string') addChoices(shape, schema)
  }
  if (kinds.includes('string')) shape.formats.add(schema.format ?? '')
  for (const bound of BOUNDS) if (bound in schema) shape.bounds.set(bound, schema[bound])
}

function addChoices(shape: Shape, schema: Schema): void {
  const choices = schema.enum ?? ('const' in schema ? [schema.const] : undefined)
  if (choices) for (const choice of choices) shape.choices?.add(choice)
  else shape.choices = undefined
}
