import { isDeepStrictEqual } from 'node:util'
import { shapeOf, type Resolve, type Schema, type Shape } from './shape.ts'

export interface Document {
  paths: { [path: string]: { [method: string]: Operation } }
  components: { schemas: { [name: string]: Schema } }
}

interface Operation {
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[]
  requestBody?: { required?: boolean; content: { [mediaType: string]: { schema: Schema } } }
  responses: { [status: string]: { content?: { [mediaType: string]: { schema?: Schema } } } }
}

type Side = 'request' | 'response'

interface Pair {
  side: Side
  ours: Resolve
  theirs: Resolve
  found: string[]
  seen: Map<Schema, Set<Schema>>
}

/** `POST /flows/` for every operation of a document. */
export function operationsOf(document: Document): Map<string, Operation> {
  const operations = new Map<string, Operation>()
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods))
      operations.set(`${method.toUpperCase()} ${path}`, operation)
  return operations
}

/**
 * Where one operation of ours differs from theirs, as `request.name: …` lines. A request of ours must
 * take what theirs takes and nothing else; an answer of ours must have their fields and may promise more
 * about them (never null, always there).
 */
export function compareOperation(name: string, ours: Document, theirs: Document): string[] {
  const our = operationsOf(ours).get(name)!
  const their = operationsOf(theirs).get(name)!
  const pair = (side: Side): Pair => ({
    side,
    ours: resolver(ours),
    theirs: resolver(theirs),
    found: [],
    seen: new Map(),
  })
  const request = pair('request')
  compareParameters(our, their, request)
  compareBodies(our, their, request)
  const response = pair('response')
  compareResponses(our, their, response)
  return [...request.found, ...response.found]
}

function resolver(document: Document): Resolve {
  return (ref) => document.components.schemas[ref.slice(ref.lastIndexOf('/') + 1)] ?? {}
}

function compareParameters(our: Operation, their: Operation, pair: Pair): void {
  const ours = parametersOf(our)
  const theirs = parametersOf(their)
  compareNames('parameters', ours.keys(), theirs.keys(), pair)
  for (const [name, mine] of ours) {
    const other = theirs.get(name)
    if (!other) continue
    if (!mine.required !== !other.required) pair.found.push(`parameters.${name}: required differs`)
    compare(`parameters.${name}`, mine.schema, withoutNull(other.schema), pair)
  }
}

/** A parameter in a URL cannot be null, whatever its schema says. */
function withoutNull(schema: Schema): Schema {
  return schema.anyOf ? { ...schema, anyOf: schema.anyOf.filter(({ type }) => type !== 'null') } : schema
}

function parametersOf({ parameters = [] }: Operation) {
  const wanted = parameters.filter((parameter) => parameter.in !== 'header')
  return new Map(wanted.map((parameter) => [`${parameter.in}:${parameter.name}`, parameter]))
}

function compareBodies(our: Operation, their: Operation, pair: Pair): void {
  const mine = our.requestBody
  const other = their.requestBody
  if (!mine || !other) {
    if (mine || other) pair.found.push(`request: ${mine ? 'only ours' : 'only theirs'} has a body`)
    return
  }
  if (!mine.required !== !other.required) pair.found.push('request: required differs')
  compare('request', firstSchema(mine.content)!, firstSchema(other.content)!, pair)
}

function compareResponses(our: Operation, their: Operation, pair: Pair): void {
  const [status, other] = Object.entries(their.responses).find(([code]) => code.startsWith('2'))!
  if (!our.responses[status]) pair.found.push(`response: no ${status}`)
  for (const [code, mine] of Object.entries(our.responses)) {
    if (!code.startsWith('2')) continue
    const [mineSchema, otherSchema] = [firstSchema(mine.content), firstSchema(other.content)]
    if (otherSchema && !mineSchema) pair.found.push(`response: ${code} has no body`)
    if (mineSchema && !other.content) pair.found.push(`response: only our ${code} has a body`)
    if (mineSchema && otherSchema) compare('response', mineSchema, otherSchema, pair)
  }
}

function firstSchema(content: { [mediaType: string]: { schema?: Schema } } | undefined): Schema | undefined {
  return Object.values(content ?? {})[0]?.schema
}

function compare(at: string, mine: Schema, other: Schema, pair: Pair): void {
  const our = shapeOf(mine, pair.ours)
  const their = shapeOf(other, pair.theirs)
  compareKinds(at, our, their, pair)
  if (their.kinds.has('any')) return
  if (!isDeepStrictEqual(our.choices, their.choices)) pair.found.push(`${at}: choices differ`)
  if (pair.side === 'request') compareConstraints(at, our, their, pair)
  compareLists(at, our, their, pair)
  compareObjects(at, our, their, pair)
}

function compareKinds(at: string, our: Shape, their: Shape, pair: Pair): void {
  const [wide, narrow] = pair.side === 'request' ? [our, their] : [their, our]
  for (const kind of narrow.kinds) if (!covers(wide, kind)) pair.found.push(`${at}: ${kind} does not fit`)
  if (pair.side === 'response') return
  for (const kind of our.kinds) if (!covers(their, kind)) pair.found.push(`${at}: ${kind} fits only ours`)
}

function covers({ kinds }: Shape, kind: string): boolean {
  return kinds.has(kind) || kinds.has('any') || (kind === 'integer' && kinds.has('number'))
}

function compareConstraints(at: string, our: Shape, their: Shape, pair: Pair): void {
  for (const bound of new Set([...our.bounds.keys(), ...their.bounds.keys()]))
    if (our.bounds.get(bound) !== their.bounds.get(bound)) pair.found.push(`${at}: ${bound} differs`)
  const formats = their.formats.has('') ? [] : their.formats
  for (const format of formats) if (!our.formats.has(format)) pair.found.push(`${at}: not read as ${format}`)
  if (their.default !== undefined && !isDeepStrictEqual(our.default, their.default))
    pair.found.push(`${at}: default differs`)
}

function compareLists(at: string, our: Shape, their: Shape, pair: Pair): void {
  const items = (schema: Schema): Schema => schema.items ?? {}
  their.arrays.forEach((other, index) => {
    const mine = our.arrays[index]
    if (mine && !other.prefixItems && other.items) compare(`${at}[]`, items(mine), items(other), pair)
  })
}

function compareObjects(at: string, our: Shape, their: Shape, pair: Pair): void {
  if (our.objects.length !== their.objects.length && their.objects.length > 0)
    pair.found.push(`${at}: ${our.objects.length} kinds of object, theirs ${their.objects.length}`)
  their.objects.forEach((other, index) => {
    const mine = our.objects[index]
    if (mine) compareObject(their.objects.length > 1 ? `${at}<${index}>` : at, mine, other, pair)
  })
}

function compareObject(at: string, mine: Schema, other: Schema, pair: Pair): void {
  const visited = pair.seen.get(mine) ?? new Set()
  if (visited.has(other)) return
  pair.seen.set(mine, visited.add(other))
  if (!other.properties) return compareMap(at, mine, other, pair)
  const ours = mine.properties ?? {}
  const theirs = other.properties
  compareNames(at, Object.keys(ours), Object.keys(theirs), pair)
  compareRequired(at, mine.required ?? [], other.required ?? [], pair)
  if (
    pair.side === 'request' &&
    (mine.additionalProperties === false) !== (other.additionalProperties === false)
  )
    pair.found.push(`${at}: ${mine.additionalProperties === false ? 'only ours' : 'only theirs'} is closed`)
  for (const name of Object.keys(theirs))
    if (ours[name]) compare(`${at}.${name}`, ours[name], theirs[name]!, pair)
}

function compareMap(at: string, mine: Schema, other: Schema, pair: Pair): void {
  const values = other.additionalProperties
  if (typeof values !== 'object') {
    if (typeof mine.additionalProperties === 'object' && pair.side === 'request')
      pair.found.push(`${at}: values fit only theirs`)
    return
  }
  const own = mine.properties ? Object.values(mine.properties) : [mine.additionalProperties]
  for (const schema of own) compare(`${at}{}`, typeof schema === 'object' ? schema : {}, values, pair)
}

function compareNames(at: string, ours: Iterable<string>, theirs: Iterable<string>, pair: Pair): void {
  const own = new Set(ours)
  const other = new Set(theirs)
  for (const name of own.difference(other)) pair.found.push(`${at}.${name}: only ours`)
  for (const name of other.difference(own)) pair.found.push(`${at}.${name}: only theirs`)
}

function compareRequired(at: string, ours: string[], theirs: string[], pair: Pair): void {
  const own = new Set(ours)
  for (const name of theirs) if (!own.delete(name)) pair.found.push(`${at}.${name}: required only by theirs`)
  if (pair.side === 'request') for (const name of own) pair.found.push(`${at}.${name}: required only by ours`)
}
