import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { typeCheck } from './helpers/type-check.ts'

const ROOT = join(import.meta.dirname, '../../..')
/** Beside those of docs/. */
const PAGES = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'benches/README.md', 'compat/README.md']
/** Generated from the sources, which are checked themselves. */
const GENERATED = 'docs/reference.md'

/** Paths of all pages, from the root. */
async function allPages(): Promise<string[]> {
  const docs = (await readdir(join(ROOT, 'docs'))).filter((name) => name.endsWith('.md'))
  return [...PAGES, ...docs.map((name) => `docs/${name}`)]
}

/**
 * The TypeScript of a page as one module whose lines are those of the page. A line `<!-- ts: … -->` is code
 * that readers do not see.
 */
function moduleOf(page: string): string {
  let inside = false
  const lines = page.split('\n').map((line) => {
    const hidden = /^<!-- ts: (.*) -->$/.exec(line)?.[1]
    if (hidden !== undefined) return hidden
    if (!inside) {
      inside = line === '```ts'
      return ''
    }
    if (line !== '```') return line
    inside = false
    return ''
  })
  return `${lines.join('\n')}\nexport {}\n`
}

test('the TypeScript in the pages fits the package', async () => {
  const modules = new Map<string, string>()
  for (const page of (await allPages()).filter((each) => each !== GENERATED)) {
    const code = moduleOf(await readFile(join(ROOT, page), 'utf8'))
    modules.set(`${page.replaceAll('/', '-')}.ts`, code)
  }
  expect(await typeCheck(modules)).toBe('')
  expect(modules.size).toBeGreaterThan(5)
}, 300_000)

test('links between the pages lead somewhere', async () => {
  const broken: string[] = []
  for (const page of await allPages()) {
    const text = await readFile(join(ROOT, page), 'utf8')
    for (const [, target = ''] of text.replaceAll(/```[^]*?```/g, '').matchAll(/\]\(([^)]+)\)/g)) {
      if (/^https?:/.test(target)) continue
      const [file = '', anchor] = target.split('#')
      const path = file === '' ? join(ROOT, page) : join(ROOT, dirname(page), file)
      const there = await readFile(path, 'utf8').catch((error) => (error.code === 'EISDIR' ? '' : undefined))
      const hasAnchor = anchor === undefined || anchorsOf(there ?? '').includes(anchor)
      if (there === undefined || !hasAnchor) broken.push(`${page}: ${target}`)
    }
  }
  expect(broken).toEqual([])
})

/** As GitHub names headings: one that comes again gets a number. */
function anchorsOf(page: string): string[] {
  const seen = new Map<string, number>()
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => {
    const name = heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-')
    const before = seen.get(name) ?? 0
    seen.set(name, before + 1)
    return before === 0 ? name : `${name}-${before}`
  })
}
