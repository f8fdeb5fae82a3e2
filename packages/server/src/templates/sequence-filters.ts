import type { FilterContext, FilterEntry } from './filters.ts'
import { binary } from './operators.ts'
import { TemplateRenderError, typeError } from './template-errors.ts'
import {
  either,
  equals,
  isTrue,
  itemsOf,
  order,
  textOf,
  Tuple,
  typeName,
  Undefined,
  wholeNumber,
} from './values.ts'
import type { Value } from './values.ts'

/** A value to sort or compare by: an attribute when one is named, without case unless it counts. */
function keyOf(attribute: Value | undefined, caseSensitive: Value | undefined, context: FilterContext) {
  return (item: Value): Value => {
    const value = attribute === undefined || attribute === null ? item : context.attribute(item, attribute)
    return typeof value === 'string' && !isTrue(caseSensitive ?? false) ? value.toLowerCase() : value
  }
}

function sorted(items: readonly Value[], key: (item: Value) => Value, reverse: boolean): Value[] {
  const direction = reverse ? -1 : 1
  return items
    .map((item) => [key(item), item] as const)
    .toSorted(([left], [right]) => direction * order(left, right))
    .map(([, item]) => item)
}

function extreme(sign: 1 | -1): FilterEntry {
  return [
    ['case_sensitive?', 'attribute?'],
    (value, [caseSensitive, attribute], context) => {
      const key = keyOf(attribute, caseSensitive, context)
      const [first, ...rest] = itemsOf(value)
      if (first === undefined) return new Undefined('No aggregated item, sequence was empty.')
      return rest.reduce((best, item) => (sign * order(key(item), key(best)) > 0 ? item : best), first)
    },
  ]
}

/** `select('odd')` and its kin; of an attribute when its name comes first. */
function selecting(wanted: boolean, ofAttribute: boolean): FilterEntry {
  return [
    null,
    (value, _given, context, { positional }) => {
      const [attribute] = positional
      if (ofAttribute && attribute === undefined) throw typeError('missing attribute name')
      const [name, ...rest] = ofAttribute ? positional.slice(1) : positional
      return itemsOf(value).filter((item) => {
        context.budget.step()
        const tested = ofAttribute ? context.attribute(item, attribute as Value) : item
        const held =
          name === undefined
            ? isTrue(tested)
            : context.test(textOf(name), tested, { positional: rest, named: new Map() })
        return held === wanted
      })
    },
  ]
}

function batches(value: Value, size: number, fill: Value | undefined, context: FilterContext): Value {
  if (size < 1) throw new TemplateRenderError('ValueError', 'range() arg 3 must not be zero')
  const items = itemsOf(value)
  const lists: Value[][] = []
  for (let at = 0; at < items.length; at += size) lists.push(items.slice(at, at + size))
  const last = lists.at(-1)
  if (fill !== undefined && fill !== null && last) {
    context.budget.make(size - last.length)
    while (last.length < size) last.push(fill)
  }
  return lists
}

function slices(value: Value, count: number, fill: Value | undefined): Value {
  if (count < 1 || count > 1000)
    throw new TemplateRenderError('ValueError', 'the number of slices is out of range')
  const items = itemsOf(value)
  const [each, extra] = [Math.floor(items.length / count), items.length % count]
  return Array.from({ length: count }, (_, index) => {
    const start = index * each + Math.min(index, extra)
    const slice = items.slice(start, start + each + (index < extra ? 1 : 0))
    if (fill !== undefined && fill !== null && extra > 0 && index >= extra) slice.push(fill)
    return slice
  })
}

export const SEQUENCE_FILTERS: { [name: string]: FilterEntry } = {
  length: [[], (value) => BigInt(lengthOf(value))],
  count: [[], (value) => BigInt(lengthOf(value))],
  list: [[], (value) => [...itemsOf(value)]],
  first: [[], (value) => either(itemsOf(value)[0], new Undefined('No first item, sequence was empty.'))],
  last: [[], (value) => either(itemsOf(value).at(-1), new Undefined('No last item, sequence was empty.'))],
  random: [[], (value) => either(itemsOf(value)[0], new Undefined('No random item, sequence was empty.'))],
  reverse: [
    [],
    (value) => (typeof value === 'string' ? [...value].toReversed().join('') : itemsOf(value).toReversed()),
  ],
  items: [
    [],
    (value) => {
      if (value instanceof Undefined) return []
      if (!(value instanceof Map)) throw typeError('Can only get item pairs from a mapping.')
      return [...value].map((entry) => new Tuple(entry))
    },
  ],
  join: [
    ['d?', 'attribute?'],
    (value, [separator, attribute], context) => {
      const by = textOf(separator ?? '')
      const parts = itemsOf(value).map((item) =>
        textOf(attribute === undefined ? item : context.attribute(item, attribute)),
      )
      context.budget.make(parts.reduce((sum, part) => sum + part.length + by.length, 0))
      return parts.join(by)
    },
  ],
  sort: [
    ['reverse?', 'case_sensitive?', 'attribute?'],
    (value, [reverse, caseSensitive, attribute], context) =>
      sorted(itemsOf(value), keyOf(attribute, caseSensitive, context), isTrue(reverse ?? false)),
  ],
  dictsort: [
    ['case_sensitive?', 'by?', 'reverse?'],
    (value, [caseSensitive, by, reverse], context) => {
      if (!(value instanceof Map)) throw typeError(`'${typeName(value)}' object has no attribute 'items'`)
      const place = textOf(by ?? 'key') === 'value' ? 1 : 0
      const key = keyOf(undefined, caseSensitive, context)
      const entries = [...value].map((entry) => new Tuple(entry))
      return sorted(entries, (entry) => key((entry as Tuple).items[place] as Value), isTrue(reverse ?? false))
    },
  ],
  unique: [
    ['case_sensitive?', 'attribute?'],
    (value, [caseSensitive, attribute], context) => {
      const key = keyOf(attribute, caseSensitive, context)
      const seen: Value[] = []
      return itemsOf(value).filter((item) => {
        const mark = key(item)
        if (seen.some((each) => (context.budget.step(), equals(each, mark)))) return false
        seen.push(mark)
        return true
      })
    },
  ],
  min: extreme(-1),
  max: extreme(1),
  sum: [
    ['attribute?', 'start?'],
    (value, [attribute, start], context) =>
      itemsOf(value).reduce<Value>(
        (sum, item) =>
          binary(
            '+',
            sum,
            attribute === undefined ? item : context.attribute(item, attribute),
            context.budget,
          ),
        either(start, 0n),
      ),
  ],
  map: [
    null,
    (value, _given, context, { positional: [name, ...rest], named }) => {
      const attribute = named.get('attribute')
      return itemsOf(value).map((item) => {
        context.budget.step()
        if (attribute === undefined) {
          if (name === undefined)
            throw new TemplateRenderError('FilterArgumentError', 'map requires a filter argument')
          return context.filter(textOf(name), item, { positional: rest, named })
        }
        const found = context.attribute(item, attribute)
        return found instanceof Undefined ? either(named.get('default'), found) : found
      })
    },
  ],
  select: selecting(true, false),
  reject: selecting(false, false),
  selectattr: selecting(true, true),
  rejectattr: selecting(false, true),
  groupby: [
    ['attribute', 'default?', 'case_sensitive?'],
    (value, [attribute, fallback, caseSensitive], context) => {
      const key = (item: Value) => {
        const found = context.attribute(item, attribute ?? null)
        return found instanceof Undefined ? either(fallback, found) : found
      }
      const fold = keyOf(undefined, caseSensitive, context)
      const groups: { mark: Value; key: Value; items: Value[] }[] = []
      for (const item of sorted(itemsOf(value), (each) => fold(key(each)), false)) {
        const mark = fold(key(item))
        const last = groups.at(-1)
        if (last && equals(last.mark, mark)) last.items.push(item)
        else groups.push({ mark, key: key(item), items: [item] })
      }
      return groups.map((group) => new Tuple([group.key, group.items], ['grouper', 'list']))
    },
  ],
  batch: [
    ['linecount', 'fill_with?'],
    (value, [size, fill], context) => batches(value, wholeNumber(size ?? null), fill, context),
  ],
  slice: [
    ['slices', 'fill_with?'],
    (value, [count, fill]) => slices(value, wholeNumber(count ?? null), fill),
  ],
}

export function lengthOf(value: Value): number {
  if (value instanceof Map) return value.size
  if (value instanceof Undefined) return 0
  if (typeof value === 'string') return [...value].length
  if (Array.isArray(value)) return value.length
  if (value instanceof Tuple) return value.items.length
  throw typeError(`object of type '${typeName(value)}' has no len()`)
}
