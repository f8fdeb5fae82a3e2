import type { ErrorObject } from 'ajv'
import type { Json, JsonObject } from '@reeve/schemas/json'
import { fromJson, repr } from '../templates/values.ts'
import { PLACEHOLDER, Placeholder } from './placeholder.ts'

/** One thing that is wrong with a value, and where in it. */
export interface Fault {
  path: (string | number)[]
  keyword: string
  message: string
  /** Whether the value is of a type that its schema names. */
  typed: boolean
  /** Where the keyword stands in its schema. */
  order: number
  /** Of a choice that nothing fits: what is wrong by each of the alternatives. */
  alternatives: Fault[]
}

type Told = (error: ErrorObject, shown: string) => string

/** A value as the reference writes it in a message. */
const shown = (value: unknown) => repr(fromJson(withoutMarks(value)))

function withoutMarks(value: unknown): Json {
  if (value instanceof Placeholder) return '<placeholder>'
  if (Array.isArray(value)) return value.map(withoutMarks)
  if (typeof value !== 'object' || value === null) return (value ?? null) as Json
  const members = Object.entries(value).filter(([key]) => key !== PLACEHOLDER)
  return Object.fromEntries(members.map(([key, member]) => [key, withoutMarks(member)]))
}

const amount =
  (one: string, other: string, limit = 1): Told =>
  ({ schema }, value) =>
    `${value} ${schema === limit ? one : other}`
const tooFew = (other: string) => amount('should be non-empty', other)
const tooMany = (other: string) => amount('is expected to be empty', other, 0)
const comparing =
  (words: string): Told =>
  ({ schema }, value) =>
    `${value} is ${words} ${shown(schema)}`

const MESSAGES: { [keyword: string]: Told } = {
  type: ({ schema }, value) => `${value} is not of type ${[schema].flat().map(shown).join(', ')}`,
  required: ({ params }) => `${shown(params['missingProperty'])} is a required property`,
  enum: ({ schema }, value) => `${value} is not one of ${shown(schema)}`,
  const: ({ schema }) => `${shown(schema)} was expected`,
  minimum: comparing('less than the minimum of'),
  maximum: comparing('greater than the maximum of'),
  exclusiveMinimum: comparing('less than or equal to the minimum of'),
  exclusiveMaximum: comparing('greater than or equal to the maximum of'),
  multipleOf: comparing('not a multiple of'),
  minLength: tooFew('is too short'),
  minItems: tooFew('is too short'),
  minProperties: tooFew('does not have enough properties'),
  maxLength: tooMany('is too long'),
  maxItems: tooMany('is too long'),
  maxProperties: tooMany('has too many properties'),
  pattern: ({ schema }, value) => `${value} does not match ${shown(schema)}`,
  format: ({ schema }, value) => `${value} is not a ${shown(schema)}`,
  uniqueItems: (_error, value) => `${value} has non-unique elements`,
  contains: (_error, value) => `${value} does not contain items matching the given schema`,
  anyOf: (_error, value) => `${value} is not valid under any of the given schemas`,
  oneOf: ({ params, schema }, value) => {
    const fitting = params['passingSchemas'] as number[] | null
    if (!fitting) return `${value} is not valid under any of the given schemas`
    const [first, ...others] = fitting.map((index) => shown((schema as Json[])[index]))
    return `${value} is valid under each of ${[...others, first].join(', ')}`
  },
  not: ({ schema }, value) => `${value} should not be valid under ${shown(schema)}`,
  dependentRequired: ({ params }) =>
    `${shown(params['missingProperty'])} is a dependency of ${shown(params['property'])}`,
  [PLACEHOLDER]: ({ data }) => (data as Placeholder).message ?? '',
  'false schema': (_error, value) => `False schema does not allow ${value}`,
}
/** Told once for all the members that are too many. */
const EXTRAS: { [keyword: string]: [param: string, what: string] } = {
  additionalProperties: ['additionalProperty', 'Additional'],
  unevaluatedProperties: ['unevaluatedProperty', 'Unevaluated'],
}
/** The errors of what lies inside say it. */
const WRAPPERS = new Set(['if', 'propertyNames'])
const CHOICE = /\/(anyOf|oneOf)$/
/** What lies inside of these is not told by itself. */
const CLOSED = /\/(anyOf|oneOf|contains)$/

/** The errors of the checker as faults, those of alternatives inside of their choice. */
export function faultsOf(errors: readonly ErrorObject[], value: Json): Fault[] {
  const outer = outermost(errors)
  const faults: Fault[] = []
  const told = new Set<string>()
  for (const error of outer) {
    if (WRAPPERS.has(error.keyword)) continue
    const extras = EXTRAS[error.keyword]
    const place = `${error.instancePath} ${error.schemaPath}`
    if (extras && told.has(place)) continue
    told.add(place)
    const alike = extras && outer.filter((each) => `${each.instancePath} ${each.schemaPath}` === place)
    faults.push({
      path: pathOf(error.instancePath, value),
      keyword: error.keyword,
      message: alike ? extrasMessage(alike, extras) : messageOf(error),
      typed: isTyped(error),
      order: Object.keys(error.parentSchema ?? {}).indexOf(error.keyword),
      alternatives: CHOICE.test(error.schemaPath)
        ? faultsOf(
            errors.filter((each) => isWithin(each, error)),
            value,
          )
        : [],
    })
  }
  return faults
}

/** Of a choice that nothing fits, only the choice itself: the checker tells of each alternative besides. */
function outermost(errors: readonly ErrorObject[]): ErrorObject[] {
  const choices = errors.filter(({ schemaPath }) => CLOSED.test(schemaPath))
  return errors.filter((error) => !choices.some((choice) => isWithin(error, choice)))
}

const isWithin = (error: ErrorObject, choice: ErrorObject) =>
  error !== choice &&
  error.instancePath.startsWith(choice.instancePath) &&
  (error.schemaPath.startsWith(`${choice.schemaPath}/`) || isReferredBy(error, choice))

/** Errors behind a reference bear its place in the schema, not that of the choice; they come before it. */
function isReferredBy(error: ErrorObject, { schema }: ErrorObject): boolean {
  const [root, ...rest] = error.schemaPath.split('/')
  const at = rest.slice(0, 2).join('/')
  return JSON.stringify(schema).includes(`"$ref":"${root}/${at}"`)
}

function messageOf(error: ErrorObject): string {
  const value = error.propertyName === undefined ? error.data : error.propertyName
  return MESSAGES[error.keyword]?.(error, shown(value)) ?? error.message ?? 'is wrong'
}

function extrasMessage(errors: readonly ErrorObject[], [param, what]: [string, string]): string {
  const names = [...new Set(errors.map(({ params }) => String(params[param])))].toSorted().map(shown)
  const { patternProperties } = (errors[0]?.parentSchema ?? {}) as JsonObject
  if (param === 'additionalProperty' && patternProperties) {
    const patterns = Object.keys(patternProperties).toSorted().map(shown).join(', ')
    return `${names.join(', ')} ${names.length === 1 ? 'does' : 'do'} not match any of the regexes: ${patterns}`
  }
  return `${what} properties are not allowed (${names.join(', ')} ${names.length === 1 ? 'was' : 'were'} unexpected)`
}

function pathOf(instancePath: string, value: Json): (string | number)[] {
  const path: (string | number)[] = []
  let at: Json | undefined = value
  for (const part of instancePath.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    const key: string | number = Array.isArray(at) ? Number(name) : name
    path.push(key)
    at = (at as { [key: string | number]: Json } | undefined)?.[key]
  }
  return path
}

function isTyped({ parentSchema, data }: ErrorObject): boolean {
  const types = [(parentSchema as JsonObject | undefined)?.['type'] ?? []].flat()
  return types.some((type) => isOfType(data, String(type)))
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'array') return Array.isArray(value)
  if (type === 'null') return value === null
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  return type === 'integer' ? Number.isInteger(value) : typeof value === type
}
