import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { JsonObject } from '@reeve/schemas/json'
import { renderTemplate, templateFault } from './render.ts'

interface Recorded {
  context: JsonObject
  cases: { template: string; fault?: string; text?: string; error?: string }[]
}

const RECORDED = new URL('../../../../compat/templates/recorded.json', import.meta.url)
const { context, cases } = JSON.parse(readFileSync(RECORDED, 'utf8')) as Recorded

function outcome(template: string): object {
  const fault = templateFault(template)
  return fault === undefined ? renderTemplate(template, context) : { fault }
}

test.each(cases)('$template is what the reference makes of it', ({ template, ...expected }) => {
  expect(outcome(template)).toEqual(expected)
})

const HOSTILE = [
  "{{ 'x' * 1000000000 }}",
  "{% set a = 'x' * 1000 %}{% set a = a * 1000 %}{% set a = a * 1000 %}{{ a|length }}",
  "{% set n = namespace(a='x' * 30) %}{% for i in range(60) %}{% set n.a = n.a ~ n.a %}{% endfor %}",
  '{% set n = namespace(a=[1]) %}{% for i in range(50) %}{% set n.a = [n.a, n.a] %}{% endfor %}{{ n.a }}',
  '{% set n = namespace(a=[1]) %}{% for i in range(99) %}{% set n.a = (n.a|batch(9)|list) * 2 %}{% endfor %}{{ n.a }}',
  '{% set n = namespace(a=3) %}{% for i in range(100) %}{% set n.a = n.a * n.a %}{% endfor %}{{ n.a }}',
  '{{ 9 ** 99999999 }}',
  "{{ 'a'.replace('a', 'b' * 100000).replace('b', 'c' * 100000) }}",
  "{{ 'a\nb'|indent(1000000000) }}",
  "{{ 'x'.center(1000000000) }}{{ '%1000000000d' % 3 }}",
  '{% macro f() %}{{ f() ~ f() }}{% endmacro %}{{ f() }}',
  '{% for i in range(100) %}{% for j in range(100) %}{{ i * j }}{{ i }}{{ j }}{% endfor %}{% endfor %}',
  '{{ ' + '('.repeat(5000) + '1' + ')'.repeat(5000) + ' }}',
  '{{ 1' + ' + 1'.repeat(50_000) + ' }}',
  '{{ ' + 'not '.repeat(50_000) + '1 }}',
  '{{ a' + '|upper'.repeat(50_000) + ' }}',
  '{% if 1 %}'.repeat(5000) + '{% endif %}'.repeat(5000),
  '{{ ' + '1'.repeat(100_000) + ' }}',
]
const BOUND_MS = 1500

test.each(HOSTILE)('%s fails soon', (template) => {
  const started = performance.now()
  expect(Object.keys(outcome(template))).not.toEqual(['text'])
  expect(performance.now() - started).toBeLessThan(BOUND_MS)
})

test.each([
  "{{ ''.constructor.constructor('return process')() }}",
  '{{ {}.__proto__.x() }}',
  '{{ [].constructor() }}',
  '{{ range.constructor("return 1")() }}',
])('%s reaches nothing of the server', (template) => {
  expect(outcome(template)).toHaveProperty('error')
})

test('the methods of JavaScript values are no members', () => {
  const members = '{{ [].length }}{{ {}.toString }}{{ {}["constructor"] }}{{ "".at }}'
  expect(outcome(members)).toEqual({ text: '' })
})
