import type { Budget } from './budget.ts'
import { parametersOf } from './arguments.ts'
import { TemplateRenderError, typeError } from './template-errors.ts'
import { capitalized, centered, replaced, splitText, stripped } from './text.ts'
import {
  Callable,
  either,
  equals,
  hashable,
  itemsOf,
  textOf,
  Tuple,
  typeName,
  wholeNumber,
} from './values.ts'
import type { Given, Value } from './values.ts'

type Arguments = (Value | undefined)[]
type Method<Self> = [
  parameters: readonly string[],
  call: (self: Self, given: Arguments, budget: Budget) => Value,
]

function text(value: Value | undefined): string {
  if (typeof value === 'string') return value
  throw typeError(`must be str, not ${typeName(value ?? null)}`)
}

const optionalText = (value: Value | undefined) =>
  value === undefined || value === null ? undefined : text(value)
const whole = (value: Value | undefined, fallback: number) =>
  value === undefined ? fallback : wholeNumber(value)
const plain = (change: (self: string) => Value): Method<string> => [[], (self) => change(self)]
const all = (pattern: RegExp) => plain((self) => self !== '' && pattern.test(self))

function affix(has: (self: string, part: string) => boolean): Method<string> {
  return [
    ['affix'],
    (self, [affixes]) =>
      affixes instanceof Tuple
        ? affixes.items.some((part) => has(self, text(part)))
        : has(self, text(affixes)),
  ]
}

function justified(pad: (self: string, missing: number, fill: string) => string): Method<string> {
  return [
    ['width', 'fillchar?'],
    (self, [width, fill], budget) => {
      const missing = Math.max(0, whole(width, 0) - [...self].length)
      budget.make(missing)
      return pad(self, missing, optionalText(fill) ?? ' ')
    },
  ]
}

function partition(at: (self: string, separator: string) => number, rest: 'left' | 'right'): Method<string> {
  return [
    ['sep'],
    (self, [separator]) => {
      const by = text(separator)
      const index = at(self, by)
      if (index >= 0) return new Tuple([self.slice(0, index), by, self.slice(index + by.length)])
      return new Tuple(rest === 'left' ? [self, '', ''] : ['', '', self])
    },
  ]
}

const OF_TEXT: { [name: string]: Method<string> } = {
  upper: plain((self) => self.toUpperCase()),
  lower: plain((self) => self.toLowerCase()),
  casefold: plain((self) => self.toLowerCase()),
  capitalize: plain(capitalized),
  title: plain((self) => self.replaceAll(/\p{L}+/gu, capitalized)),
  swapcase: plain((self) =>
    [...self]
      .map((letter) => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()))
      .join(''),
  ),
  isdigit: all(/^\p{Nd}+$/u),
  isdecimal: all(/^\p{Nd}+$/u),
  isnumeric: all(/^\p{N}+$/u),
  isalpha: all(/^\p{L}+$/u),
  isalnum: all(/^[\p{L}\p{N}]+$/u),
  isspace: all(/^\s+$/),
  isupper: plain((self) => self !== self.toLowerCase() && self === self.toUpperCase()),
  islower: plain((self) => self !== self.toUpperCase() && self === self.toLowerCase()),
  strip: [['chars?'], (self, [letters]) => stripped(self, optionalText(letters), 'both')],
  lstrip: [['chars?'], (self, [letters]) => stripped(self, optionalText(letters), 'left')],
  rstrip: [['chars?'], (self, [letters]) => stripped(self, optionalText(letters), 'right')],
  split: [
    ['sep?', 'maxsplit?'],
    (self, [separator, most]) => {
      const by = optionalText(separator)
      if (by === '') throw new TemplateRenderError('ValueError', 'empty separator')
      return splitText(self, by, whole(most, -1))
    },
  ],
  splitlines: plain((self) => self.replace(/\r?\n$/, '').split(/\r\n|\r|\n/)),
  partition: partition((self, by) => self.indexOf(by), 'left'),
  rpartition: partition((self, by) => self.lastIndexOf(by), 'right'),
  join: [
    ['iterable'],
    (self, [items], budget) => {
      const parts = itemsOf(items ?? null).map(text)
      budget.make(parts.reduce((sum, part) => sum + part.length + self.length, 0))
      return parts.join(self)
    },
  ],
  replace: [
    ['old', 'new', 'count?'],
    (self, [old, by, most], budget) => replaced(self, text(old), text(by), whole(most, -1), budget),
  ],
  startswith: affix((self, part) => self.startsWith(part)),
  endswith: affix((self, part) => self.endsWith(part)),
  removeprefix: [
    ['prefix'],
    (self, [part]) => (self.startsWith(text(part)) ? self.slice(text(part).length) : self),
  ],
  removesuffix: [
    ['suffix'],
    (self, [part]) => (self.endsWith(text(part)) ? self.slice(0, self.length - text(part).length) : self),
  ],
  find: [['sub'], (self, [part]) => BigInt(self.indexOf(text(part)))],
  rfind: [['sub'], (self, [part]) => BigInt(self.lastIndexOf(text(part)))],
  count: [
    ['sub'],
    (self, [part]) => BigInt(text(part) === '' ? self.length + 1 : self.split(text(part)).length - 1),
  ],
  index: [
    ['sub'],
    (self, [part]) => {
      const index = self.indexOf(text(part))
      if (index < 0) throw new TemplateRenderError('ValueError', 'substring not found')
      return BigInt(index)
    },
  ],
  center: [
    ['width', 'fillchar?'],
    (self, [width, fill], budget) => centered(self, whole(width, 0), optionalText(fill) ?? ' ', budget),
  ],
  ljust: justified((self, missing, fill) => self + fill.repeat(missing)),
  rjust: justified((self, missing, fill) => fill.repeat(missing) + self),
  zfill: [
    ['width'],
    (self, [width], budget) => {
      const missing = Math.max(0, whole(width, 0) - self.length)
      budget.make(missing)
      const sign = /^[-+]/.exec(self)?.[0] ?? ''
      return sign + '0'.repeat(missing) + self.slice(sign.length)
    },
  ],
}

const OF_DICT: { [name: string]: Method<Map<Value, Value>> } = {
  items: [[], (self) => [...self].map((entry) => new Tuple(entry))],
  keys: [[], (self) => [...self.keys()]],
  values: [[], (self) => [...self.values()]],
  copy: [[], (self) => new Map(self)],
  get: [
    ['key', 'default?'],
    (self, [key, fallback]) => either(self.get(hashable(key ?? null)), either(fallback, null)),
  ],
}

const OF_LIST: { [name: string]: Method<Value[]> } = {
  count: [['value'], (self, [item]) => BigInt(self.filter((each) => equals(each, item ?? null)).length)],
  copy: [[], (self) => [...self]],
  index: [
    ['value'],
    (self, [item]) => {
      const index = self.findIndex((each) => equals(each, item ?? null))
      if (index < 0) throw new TemplateRenderError('ValueError', `${textOf(item ?? null)} is not in list`)
      return BigInt(index)
    },
  ],
}

/** The method of this name bound to the value; undefined when it has none. None of them changes anything. */
export function methodOf(value: Value, name: string, budget: Budget): Callable | undefined {
  if (typeof value === 'string') return bound(OF_TEXT, value, name, budget)
  if (value instanceof Map) return bound(OF_DICT, value, name, budget)
  if (value instanceof Tuple) return bound(OF_LIST, value.items, name, budget)
  return Array.isArray(value) ? bound(OF_LIST, value, name, budget) : undefined
}

function bound<Self>(methods: { [name: string]: Method<Self> }, self: Self, name: string, budget: Budget) {
  if (!Object.hasOwn(methods, name)) return undefined
  const [parameters, call] = methods[name] as Method<Self>
  return new Callable(name, (given: Given) => call(self, parametersOf(name, given, parameters), budget))
}
