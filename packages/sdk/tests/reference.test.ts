import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { typeCheck } from './helpers/type-check.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** What the examples of the docstrings take for granted, by name. */
const GIVEN: { [name: string]: string } = {
  z: "import { z } from 'zod'",
  rm: "import { rm } from 'node:fs/promises'",
  test: "import { test } from 'node:test'",
  server: "declare const server: import('reeve/testing').TestServer",
  url: 'declare const url: string',
  urls: 'declare const urls: string[]',
  sql: 'declare const sql: string',
  path: 'declare const path: string',
  flowRunId: 'declare const flowRunId: string',
  images: 'declare const images: string[]',
  order: 'declare const order: { id: string }',
  pay: 'declare function pay(order: { id: string }): Promise<string>',
  query: 'declare function query(sql: string): Promise<unknown[]>',
  extract: 'declare function extract(table: string): Promise<string[]>',
  load: 'declare function load(rows: string[]): Promise<number>',
  fetchRates: 'declare function fetchRates(day: string): Promise<number>',
  writeReport: 'declare function writeReport(path: string): Promise<void>',
  publish: 'declare function publish(path: string): Promise<void>',
  fn: 'declare function fn(): void',
  fetchPage: "declare const fetchPage: import('reeve').Task<[url: string], string>",
  sendMail: "declare const sendMail: import('reeve').Task<[to: string], void>",
  resize: "declare const resize: import('reeve').Task<[file: string, size: number[]], string>",
  collect: "declare const collect: import('reeve').Flow<[day: string], void>",
  report: "declare const report: import('reeve').Flow<[days: number], void>",
  etl: "declare const etl: import('reeve').Flow<[table: string], number>",
}

interface Section {
  entry: string
  name: string
  prose: string
  /** The declaration first, then the examples. */
  code: string[]
}

async function sections(): Promise<Section[]> {
  const page = await readFile(join(ROOT, 'docs/reference.md'), 'utf8')
  return page.split(/^## /m).flatMap((chapter) => {
    const [entry = '', ...parts] = chapter.split(/^(?=### )/m).map((part) => part.trim())
    return parts.map((part) => ({
      entry: entry.split('\n')[0]!,
      name: /^### (.*)$/m.exec(part)![1]!,
      prose: part.replaceAll(/^### .*$|```[^]*?```/gm, '').trim(),
      code: [...part.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code = '']) => code),
    }))
  })
}

/** A module of the example: it imports what the package exports, and declares what it takes for granted. */
function moduleOf(example: string, all: readonly Section[]): string {
  const isOwn = (name: string) => new RegExp(`(const|function) ({[^}]*)?\\b${name}\\b`).test(example)
  const isUsed = (name: string) => new RegExp(`(?<![.\\w'-])${name}\\b(?!:)`).test(example) && !isOwn(name)
  const imports = all
    .filter(({ name, code: [first = ''] }) => !/^(interface|type)/.test(first) && isUsed(name))
    .map(({ entry, name }) => `import { ${name} } from '${entry}'`)
  const given = Object.keys(GIVEN).filter((name) => isUsed(name))
  return [...imports, ...given.map((name) => GIVEN[name]), example, 'export {}'].join('\n')
}

test('everything that the package exports has a docstring', async () => {
  const all = await sections()
  expect(all.length).toBeGreaterThan(100)
  expect(all.filter(({ prose }) => prose === '').map(({ name }) => name)).toEqual([])
})

test('the examples of the docstrings fit the package', async () => {
  const all = await sections()
  const modules = new Map<string, string>()
  for (const { name, code } of all) {
    for (const [i, example] of code.slice(1).entries()) modules.set(`${name}-${i}.ts`, moduleOf(example, all))
  }
  expect(await typeCheck(modules)).toBe('')
  expect(modules.size).toBeGreaterThan(30)
}, 300_000)
