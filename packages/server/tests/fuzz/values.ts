import type { Chance } from '../helpers/chance.ts'

/** As much of JSON Schema as the routes use. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  items?: Schema
  prefixItems?: Schema[]
  properties?: { [name: string]: Schema }
  required?: string[]
  additionalProperties?: Schema | boolean
  format?: string
  pattern?: string
  minimum?: number
  maximum?: number
  minItems?: number
}

const DEEPEST = 6
const MOST_IDS = 60
/** What a field of this name points at. */
const POINTS_AT: { [name: string]: string } = {
  flow_id: 'flows',
  flow_run_id: 'flow-runs',
  task_run_id: 'task-runs',
  parent_task_run_id: 'task-runs',
  block_type_id: 'block-types',
  block_schema_id: 'block-schemas',
}
const WORDS = ['a', 'task', 'my-name', 'x'.repeat(40), 'Ünïcode ✓', 'tag:narrow', 'key_1', '']
const TIMES = [
  '2026-01-01T00:00:00Z',
  '2026-01-01T00:00:00.123456+02:00',
  '2025-12-31',
  '2027-06-01T12:00:00',
]

/** Makes values that a schema allows, mostly of ids which exist. */
export class Values {
  readonly #random: Chance
  readonly #schemas: { [name: string]: Schema }
  /** Ids of rows that answers told of, by the tag of the route that did. */
  readonly #ids = new Map<string, string[]>()

  constructor(random: Chance, schemas: { [name: string]: Schema }) {
    this.#random = random
    this.#schemas = schemas
  }

  /** Remembers the ids in an answer to a route of this tag. */
  learn(tag: string, body: unknown): void {
    if (Array.isArray(body)) for (const item of body.slice(0, 3)) this.learn(tag, item)
    if (typeof body !== 'object' || body === null) return
    const { id } = body as { id?: unknown }
    if (typeof id !== 'string') return
    const ids = this.#ids.get(tag) ?? []
    ids.push(id)
    this.#ids.set(tag, ids.slice(-MOST_IDS))
  }

  /** Mostly the id of a row of this tag, when one is known. */
  id(tag?: string): string {
    const random = this.#random
    const own = this.#ids.get(tag ?? '') ?? []
    if (own.length > 0 && random.in(0.8)) return random.pick(own)
    const all = [...this.#ids.values()].flat()
    return all.length > 0 && random.in(0.8) ? random.pick(all) : numbered(random)
  }

  /** `tag`: of the rows whose ids fit here. */
  of(schema: Schema, depth = 0, tag?: string): unknown {
    const random = this.#random
    if (schema.$ref) return this.of(this.#schemas[schema.$ref.split('/').at(-1) as string] ?? {}, depth, tag)
    if (schema.const !== undefined) return schema.const
    if (schema.enum) return random.pick(schema.enum)
    const choices = schema.anyOf ?? schema.oneOf
    if (choices) return this.of(random.pick(choices), depth, tag)
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => this.of(part, depth, tag)))
    switch (Array.isArray(schema.type) ? random.pick(schema.type) : schema.type) {
      case 'object':
        return this.#object(schema, depth)
      case 'array':
        return this.#array(schema, depth, tag)
      case 'string':
        return this.#text(schema, tag)
      case 'integer':
        return this.#number(schema, true)
      case 'number':
        return this.#number(schema, false)
      case 'boolean':
        return random.in(0.5)
      case 'null':
        return null
      default:
        return this.anything(depth)
    }
  }

  /** Any small JSON value. */
  anything(depth = 0): unknown {
    const random = this.#random
    const simple = [null, true, false, 0, -1, 1.5, 1e300, ...WORDS, this.id()]
    if (depth >= 3 || random.in(0.6)) return random.pick(simple)
    if (random.in(0.5)) return Array.from({ length: random.below(3) }, () => this.anything(depth + 1))
    return Object.fromEntries(
      Array.from({ length: random.below(3) }, () => [random.pick(WORDS), this.anything(depth + 1)]),
    )
  }

  #object({ properties = {}, required = [], additionalProperties }: Schema, depth: number): unknown {
    const random = this.#random
    const share = depth === 0 ? 0.6 : Math.max(0, 0.35 - depth * 0.05)
    const value: { [name: string]: unknown } = {}
    for (const [name, schema] of Object.entries(properties)) {
      if (required.includes(name) || (depth < DEEPEST && random.in(share))) {
        value[name] = this.of(schema, depth + 1, POINTS_AT[name])
      }
    }
    if (typeof additionalProperties === 'object') {
      const length = random.below(3)
      for (let index = 0; index < length; index++) {
        value[random.pick(WORDS)] = this.of(additionalProperties, depth + 1)
      }
    }
    return value
  }

  #array({ items = {}, prefixItems, minItems = 0 }: Schema, depth: number, tag?: string): unknown[] {
    if (prefixItems) return prefixItems.map((item) => this.of(item, depth + 1))
    const length = depth >= DEEPEST ? minItems : Math.max(minItems, this.#random.below(4))
    return Array.from({ length }, () => this.of(items, depth + 1, tag))
  }

  #text({ format, pattern }: Schema, tag?: string): string {
    const random = this.#random
    if (format === 'uuid') return this.id(tag)
    if (format === 'date-time') return random.pick(TIMES)
    if (pattern) return random.pick(['a', 'name-1', 'x_y'])
    return random.in(0.5) ? random.pick(WORDS) : `text ${random.below(30)}`
  }

  #number({ minimum = -1, maximum }: Schema, whole: boolean): number {
    const value = minimum + this.#random.below(Math.min(50, (maximum ?? Infinity) - minimum + 1))
    return whole ? value : value + this.#random.next()
  }
}

function numbered(random: Chance): string {
  return `00000000-0000-4000-8000-${random.below(2000).toString(16).padStart(12, '0')}`
}
