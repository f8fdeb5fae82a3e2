import type { Chance } from '../helpers/chance.ts'
import type { Values } from './values.ts'

type Json = unknown
type Place = { holder: { [key: string]: Json }; key: string }

const ODD: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  '',
  '0',
  'true',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\udfff\ud800',
  '\u202e\u0007',
  "'; drop table flow; --",
  '%',
  '_',
  '../../etc',
  '9999-12-31T23:59:59.999999Z',
  '0001-01-01T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '2026-02-30T00:00:00Z',
  '00000000000000000000000000000000',
  'not-a-uuid',
  [],
  {},
  [[]],
  [null],
  { '': '' },
  { constructor: { prototype: {} } },
]

/** Spoils a valid body in one or a few places; returns what is sent as the body. */
export function mutate(body: Json, random: Chance, values: Values): string {
  const copy = { body: structuredClone(body) }
  const times = 1 + random.below(3)
  for (let time = 0; time < times; time++) spoil(copy, random, values)
  const text = JSON.stringify(copy.body) ?? ''
  return random.in(0.12) ? spoilText(text, random) : text
}

function spoil(root: { body: Json }, random: Chance, values: Values): void {
  const places = placesIn(root)
  if (places.length === 0) return
  const { holder, key } = random.pick(places)
  const roll = random.next()
  if (roll < 0.5) holder[key] = structuredClone(random.pick(ODD))
  else if (roll < 0.6) delete holder[key]
  else if (roll < 0.7) holder[`extra ${random.below(3)}`] = values.anything()
  else if (roll < 0.78) holder[key] = values.anything()
  else if (roll < 0.84) holder[key] = [holder[key]]
  else if (roll < 0.9) holder[key] = { value: holder[key] }
  else if (roll < 0.93) holder[key] = 'long '.repeat(1 + random.below(4000))
  else if (roll < 0.95) holder[key] = incompressible(1 + random.below(9000), random)
  else holder[key] = nested(1 + random.below(300), random)
}

function placesIn(root: object): Place[] {
  const places: Place[] = []
  const visit = (holder: { [key: string]: Json }) => {
    for (const [key, value] of Object.entries(holder)) {
      places.push({ holder, key })
      if (typeof value === 'object' && value !== null) visit(value as typeof holder)
    }
  }
  visit(root as { [key: string]: Json })
  return places
}

/** PostgreSQL compresses what repeats itself before it looks how long it is. */
function incompressible(length: number, random: Chance): string {
  return Array.from({ length }, () => String.fromCodePoint(33 + random.below(90))).join('')
}

function nested(depth: number, random: Chance): Json {
  let value: Json = 'core'
  for (let level = 0; level < depth; level++) value = random.in(0.5) ? [value] : { a: value }
  return value
}

/** What is hardly JSON any more. */
function spoilText(text: string, random: Chance): string {
  const at = random.below(text.length + 1)
  return random.pick([
    text.slice(0, at),
    `${text.slice(0, at)}\0${text.slice(at)}`,
    `${text.slice(0, at)}NaN${text.slice(at)}`,
    `${text}${text}`,
    `\ufeff${text}`,
    '['.repeat(20_000),
    `${'['.repeat(5000)}${']'.repeat(5000)}`,
    `{"a":${'{"a":'.repeat(3000)}1${'}'.repeat(3001)}`,
    '{"__proto__":{"polluted":1}}',
    '{"a":1,"a":2}',
    '"\\ud800"',
    '1e999',
    '\u0000',
    'null',
    '',
  ])
}
