/**
 * Writes docs/reference.md from the docstrings of what the `reeve` package exports; with --check it only says
 * whether the page is up to date: `npm run reference`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { format } from 'oxfmt'
import { documentOf, type Module, readModule } from './reference/document.ts'

const ROOT = join(import.meta.dirname, '..')
const PAGE = join(ROOT, 'docs/reference.md')

const ENTRIES = [
  { title: 'reeve', file: 'packages/sdk/src/index.ts' },
  { title: 'reeve/testing', file: 'packages/sdk/src/testing.ts' },
]

function section({ title, file }: { title: string; file: string }): string {
  const path = join(ROOT, file)
  const entry = readModule(path)
  const modules = new Map<string, Module>()
  const load = (specifier: string) => {
    const target = join(dirname(path), specifier)
    const module = modules.get(target) ?? readModule(target)
    modules.set(target, module)
    return module
  }
  const own = entry.declared.map((name) => documentOf(entry, name))
  const passedOn = entry.reexported.map(({ name, from }) => documentOf(load(from), name))
  const parts = [...own, ...passedOn].sort((a, b) => order(a.name, b.name))
  const index = parts.map(({ name }) => `[\`${name}\`](#${anchor(name)})`).join(' · ')
  return `## ${title}\n\n${index}\n\n${parts.map(({ text }) => text).join('\n\n')}`
}

const anchors = new Map<string, number>()

/** Of the heading; one that is there already gets a number, as GitHub does it. */
function anchor(name: string): string {
  const base = name.toLowerCase()
  const seen = anchors.get(base) ?? 0
  anchors.set(base, seen + 1)
  return seen === 0 ? base : `${base}-${seen}`
}

/** Functions first, which start with small letters. */
function order(a: string, b: string): number {
  const isType = (name: string) => /^[A-Z][a-z]/.test(name)
  return Number(isType(a)) - Number(isType(b)) || a.localeCompare(b, 'en')
}

const head = `# Reference

What the package exports, written from the sources by \`npm run reference\`. The [guide](sdk.md) tells how it is
used.`

const { code } = await format(PAGE, `${[head, ...ENTRIES.map(section)].join('\n\n')}\n`, {
  printWidth: 110,
  semi: false,
  singleQuote: true,
})

if (!process.argv.includes('--check')) writeFileSync(PAGE, code)
else if (code !== readFileSync(PAGE, 'utf8')) {
  console.error('docs/reference.md is not what the sources say; run `npm run reference`.')
  process.exitCode = 1
}
