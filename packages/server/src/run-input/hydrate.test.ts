import { expect, test } from 'vitest'
import type { Json } from '@reeve/schemas/json'
import { hydrate } from './hydrate.ts'

const VARIABLES: { [name: string]: Json } = { five: 5, named: 'five', raw: { __prefect_kind: 'none' } }
const hydrated = (value: Json) => hydrate(value, async (name) => VARIABLES[name])

const none = (value: Json) => ({ __prefect_kind: 'none', value })
const json = (value: Json) => ({ __prefect_kind: 'json', value })
const jinja = (template: Json) => ({ __prefect_kind: 'jinja', template })
const variable = (variable_name: Json) => ({ __prefect_kind: 'workspace_variable', variable_name })

test.each<[string, Json, Json]>([
  ['what is no recipe', { a: [1, { b: null }] }, { a: [1, { b: null }] }],
  ['none', { a: none(none(1)) }, { a: 1 }],
  ['JSON', { a: json('{"b": [1]}') }, { a: { b: [1] } }],
  ['JSON that is no text', { a: json(7) }, { a: 7 }],
  ['JSON of JSON', { a: json(json('"[1]"')) }, { a: [1] }],
  ['a list is taken as it is', { a: json([json('1')]) }, { a: [json('1')] }],
  ['a template', { a: jinja('{{ 1 + 1 }}') }, { a: '2' }],
  ['a text that is no template', { a: jinja('as it is\n') }, { a: 'as it is\n' }],
  ['an unknown name', { a: jinja('[{{ nobody.at.home }}]') }, { a: '[]' }],
  ['JSON of a template', { a: json(jinja('{{ [1, 2]|tojson }}')) }, { a: [1, 2] }],
  ['a template of a variable', { a: jinja(variable('named')) }, { a: 'five' }],
  ['a variable', [variable('five')], [5]],
  ['a variable named by a variable', { a: variable(variable('named')) }, { a: 5 }],
  ['a variable is not looked into', { a: variable('raw') }, { a: { __prefect_kind: 'none' } }],
  ['another kind', { a: { __prefect_kind: 'new', value: none(1) } }, { a: none(1) }],
  ['another kind without a value', { a: { __prefect_kind: null } }, { a: null }],
  [
    'no value of JSON, no name of a variable',
    { a: { __prefect_kind: 'json' }, b: [{ __prefect_kind: 'workspace_variable' }, 1] },
    { b: [1] },
  ],
  ['nothing inside of JSON', { a: json({ __prefect_kind: 'json' }) }, {}],
])('%s', async (_name, value, expected) => {
  expect(await hydrated(value)).toEqual({ value: expected })
})

test.each<[string, Json, string | RegExp]>([
  ['no value', { __prefect_kind: 'none' }, "Missing 'value' key in __prefect object"],
  ['no template', { a: [{ __prefect_kind: 'jinja' }] }, "Missing 'template' key in __prefect object"],
  ['broken JSON', json('{'), /^Invalid JSON: /],
  ['a broken template', jinja('{{ 1'), /^Invalid jinja: unexpected end of template, expected/],
  [
    'too many loops',
    jinja('{% for x in y %}{% endfor %}'.repeat(11)),
    /^Invalid jinja: Contains 11 for loops\./,
  ],
  [
    'a template that fails',
    jinja('{{ nobody() }}'),
    `Invalid jinja: Failed to render template due to the following error: UndefinedError("'nobody' is undefined")`,
  ],
  ['no such variable', { a: variable('lost') }, "Variable 'lost' not found in workspace."],
  ['an error inside', json(variable('lost')), "Variable 'lost' not found in workspace."],
])('%s is told', async (_name, value, error) => {
  expect(await hydrated(value)).toEqual({
    error: error instanceof RegExp ? expect.stringMatching(error) : error,
  })
})
