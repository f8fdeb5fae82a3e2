import fc from 'fast-check'
import { VOCABULARY as V } from './filter-world.ts'

export const some = (...items: unknown[]) => fc.uniqueArray(fc.constantFrom(...items), { maxLength: 3 })
export const flag = fc.boolean()
export const operator = fc.constantFrom('and_', 'or_')
export const like = fc.constantFrom(...V.patterns)
export const tags = some(...V.tags)

const instant = fc.constantFrom(...V.instants.map((micros) => new Date(micros / 1000).toISOString()))

/** An object with a few of the keys, each of which may be null. */
export function criteria(keys: { [key: string]: fc.Arbitrary<unknown> }) {
  const values = Object.entries(keys).map(([key, value]) => [
    key,
    key === 'operator' ? value : fc.option(value, { freq: 8 }),
  ])
  const chosen = fc.subarray(Object.keys(keys), { maxLength: Math.min(3, Object.keys(keys).length) })
  return fc
    .tuple(chosen, fc.record(Object.fromEntries(values) as typeof keys))
    .map(([few, all]) => Object.fromEntries(few.map((key) => [key, all[key]])))
}

/** The ids of the first rows, and one that no row has. */
export const idsOf = (rows: { id: string }[]) => some(...rows.slice(0, 6).map(({ id }) => id), V.unknownId)
export const anyId = (rows: { id: string }[]) => criteria({ any_: idsOf(rows) })

export const nameAnyOrLike = criteria({ any_: some(...V.names), like_: like })
export const span = criteria({ before_: instant, after_: instant })
export const spanOrNull = criteria({ before_: instant, after_: instant, is_null_: flag })
