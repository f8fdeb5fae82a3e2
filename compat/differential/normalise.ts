import type { Meanings } from './fill.ts'
import type { Operation } from './operation.ts'

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const TIME = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?/g
// Of fields that hold the scope, which another execution has another of.
const CHECKSUM = /sha256:[0-9a-f]{64}/g
const SLUG = /^[a-z]+(-[a-z]+)+$/

// Moments are compared as distances from the start of the sequence; what happens within it is all at distance 0.
const GRAIN_MS = 300_000
// Beyond this a moment was written in the request and stands for itself.
const NEAR_MS = 30 * 86_400_000

/**
 * Moments that are the same must be the same on both servers: each gets a name by its first appearance. Plans and
 * events are kept apart, since a plan for now may or may not be made at the moment of the event.
 */
const NAMED_TIMES = new Map([
  ['timestamp', 'time'],
  ['start_time', 'time'],
  ['end_time', 'time'],
  ['expected_start_time', 'plan'],
  ['next_scheduled_start_time', 'plan'],
  ['scheduled_time', 'plan'],
])
/** Seconds that depend on how long execution took. */
export const DURATIONS = new Set([
  'estimated_run_time',
  'estimated_start_time_delta',
  'total_run_time',
  'sum_estimated_run_time',
  'sum_estimated_lateness',
  'delay_seconds',
  'duration',
  'lateness',
  'avg_slot_occupancy_seconds',
])
// Elsewhere the reference echoes the client's offset until the run is read again; we answer UTC at once.
const KEPT_OFFSETS = new Set(['scheduled_time', 'pause_timeout'])
const FREE_TEXTS = new Set(['reason', 'exception_message', 'exception_detail', 'detail', 'error'])
// The order of these lists is chance on the reference.
const SETS = new Set([
  'states',
  'pause_keys',
  'deleted',
  'active_slots',
  'parents',
  'children',
  'encapsulating',
  'upstream_dependencies',
  'limits',
  'nodes',
  'root_node_ids',
])
const LITERALS = ['Not Found', 'Method Not Allowed', 'Locked', 'Invalid limit']

export interface Answer {
  status: number
  body: any
}

/** Answers of one server to one sequence, put so that those of two servers can be compared. */
export class Normaliser {
  private readonly meanings: Meanings
  private readonly namedTimes: Map<string, string>
  private readonly ids = new Map<string, string>()
  private readonly times = new Map<string, string>()

  constructor(meanings: Meanings, version: string) {
    this.meanings = meanings
    this.namedTimes = new Map(NAMED_TIMES)
    // These are intended differences from 2.20: a name that one server alone gives would shift all that follow.
    if (version.startsWith('2.')) for (const key of ['start_time', 'end_time']) this.namedTimes.delete(key)
  }

  answer(operation: Operation, { status, body }: Answer): Answer {
    let rows = body
    if (operation.shared && Array.isArray(body)) {
      rows = body.filter((row) => JSON.stringify(row).includes(this.meanings.scope))
    }
    if (Array.isArray(rows)) return { status, body: this.list(rows, operation.order) }
    if (Array.isArray(rows?.results)) {
      const { results, ...rest } = rows
      return { status, body: { ...this.value(rest, '', true), results: this.list(results, operation.order) } }
    }
    const durations = operation.path.endsWith('/lateness') && typeof body === 'number'
    return { status, body: durations ? { lateness: body } : this.value(body, '', true) }
  }

  /** Rows that the order leaves open are put into an order that does not depend on ids. */
  private list(rows: unknown[], order: string[] | undefined): unknown[] {
    const groups: unknown[][] = []
    let last: unknown
    for (const row of rows) {
      const key = order ? placeOf(row, order) : undefined
      if (groups.length === 0 || key !== last) groups.push([])
      groups.at(-1)?.push(row)
      last = key
    }
    // Where rows without a value stand differs between databases.
    const unplaced = (group: unknown[]) => Number(order !== undefined && placeOf(group[0], order) === null)
    return groups.sort((a, b) => unplaced(a) - unplaced(b)).flatMap((group) => this.set(group))
  }

  private set(rows: unknown[]): unknown[] {
    const sorted = rows
      .map((row) => ({ row, text: JSON.stringify(this.value(row, '', false)) }))
      .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    return sorted.map(({ row }) => this.value(row, '', true))
  }

  /** With `naming`, ids and moments that have no name get one. */
  private value(value: unknown, key: string, naming: boolean): any {
    if (typeof value === 'string') return this.text(value, key, naming)
    if (key === 'exception_detail') return '<problems>'
    if (Array.isArray(value)) {
      if (!SETS.has(key)) return value.map((each) => this.value(each, '', naming))
      // A graph of the reference names a neighbour once for each way to it.
      return naming
        ? this.set(distinct(value))
        : distinct(value)
            .map((each) => JSON.stringify(this.value(each, '', false)))
            .sort()
    }
    if (value !== null && typeof value === 'object') {
      const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
      return Object.fromEntries(
        entries.map(([name, each]) => [this.text(name, '', naming), this.value(each, name, naming)]),
      )
    }
    if (typeof value === 'number' && DURATIONS.has(key)) return naming ? Math.round(value) : 0
    return value
  }

  private text(text: string, key: string, naming: boolean): string {
    if (FREE_TEXTS.has(key)) return LITERALS.find((literal) => text.startsWith(literal)) ?? '<text>'
    if (key === 'message' && !text.startsWith('m')) return '<text>'
    if (key === 'name' && SLUG.test(text)) return '<slug>'
    return text
      .replaceAll(this.meanings.scope, '@scope')
      .replaceAll(CHECKSUM, (sum) => `<${naming ? this.named(sum) : 'id'}>`)
      .replaceAll(UUID, (id) => `<${this.meanings.roleOf(id) ?? (naming ? this.named(id) : 'id')}>`)
      .replaceAll(TIME, (time) => this.time(time, key, naming))
  }

  private named(id: string): string {
    const name = this.ids.get(id) ?? `id ${this.ids.size + 1}`
    this.ids.set(id, name)
    return name
  }

  private time(text: string, key: string, naming: boolean): string {
    const distance = Date.parse(text) - this.meanings.start
    if (Math.abs(distance) > NEAR_MS) return text
    // 2.20 writes the zone of UTC in digits.
    const [, digits, zone = ''] = /(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? []
    const offset = zone === '+00:00' || !KEPT_OFFSETS.has(key) ? 'Z' : zone
    const form = digits === undefined || digits.length === 6 ? offset : `.${digits.length} digits ${offset}`
    const place = `T${Math.round(distance / GRAIN_MS) * (GRAIN_MS / 1000)} ${form}`
    const kind = this.namedTimes.get(key)
    if (!naming || !kind) return `<${place}>`
    const instant = `${kind} ${Math.floor(Date.parse(text) / 1000)}${(digits ?? '').padEnd(6, '0')}`
    const name = this.times.get(instant) ?? `${kind} ${this.times.size + 1}`
    this.times.set(instant, name)
    return `<${name} ${place}>`
  }
}

function placeOf(row: any, order: string[]): unknown {
  return order.map((field) => row?.[field]).find((value) => value !== null && value !== undefined) ?? null
}

function distinct(values: unknown[]): unknown[] {
  return [...new Map(values.map((each) => [JSON.stringify(each), each])).values()]
}
