import type { Json, JsonObject } from '@reeve/schemas/json'

export type ColumnKind = 'uuid' | 'text' | 'integer' | 'real' | 'timestamp' | 'boolean' | 'json'

export interface Column<Value> {
  readonly kind: ColumnKind
  /** Only for the type: the value as models see it. */
  readonly value?: Value
}

function column<Value>(kind: ColumnKind): Column<Value> {
  return { kind }
}

export const uuid = column<string>('uuid')
export const uuidOrNull = column<string | null>('uuid')
export const text = column<string>('text')
export const textOrNull = column<string | null>('text')
export const integer = column<number>('integer')
export const integerOrNull = column<number | null>('integer')
/** 64-bit floating point. Durations are seconds. */
export const real = column<number>('real')
export const realOrNull = column<number | null>('real')
/** Microseconds since the epoch, UTC. */
export const timestamp = column<number>('timestamp')
export const timestampOrNull = column<number | null>('timestamp')
export const boolean = column<boolean>('boolean')
export const json = column<Json>('json')

export function jsonOf<Value>(): Column<Value> {
  return column<Value>('json')
}

export const tags = jsonOf<string[]>()
export const object = jsonOf<JsonObject>()
export const objectOrNull = jsonOf<JsonObject | null>()

export type Columns = { readonly [name: string]: Column<unknown> }

export type RowOf<Table extends Columns> = {
  -readonly [Name in keyof Table]: Table[Name] extends Column<infer Value> ? Value : never
}
