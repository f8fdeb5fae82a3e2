import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const DOCS = join(ROOT, 'docs')
/** Generated from the sources, which are checked themselves. */
const GENERATED = 'reference.md'

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
  await mkdir(join(ROOT, '.cache'), { recursive: true })
  const folder = await mkdtemp(join(ROOT, '.cache/docs-'))
  try {
    const pages = (await readdir(DOCS)).filter((name) => name.endsWith('.md') && name !== GENERATED)
    for (const page of pages)
      await writeFile(join(folder, `${page}.ts`), moduleOf(await readFile(join(DOCS, page), 'utf8')))
    const config = { extends: '../../tsconfig.json', include: ['*.ts'] }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const tsc = join(ROOT, 'node_modules/.bin/tsc')
    const { stdout } = await promisify(execFile)(tsc, ['-p', folder, '--pretty', 'false']).catch(
      (error) => error,
    )
    expect(stdout).toBe('')
    expect(pages.length).toBeGreaterThan(5)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 300_000)

test('links between the pages lead somewhere', async () => {
  const pages = (await readdir(DOCS)).filter((name) => name.endsWith('.md'))
  const broken: string[] = []
  for (const page of pages) {
    const text = await readFile(join(DOCS, page), 'utf8')
    for (const [, target = ''] of text.replaceAll(/```[^]*?```/g, '').matchAll(/\]\(([^)]+)\)/g)) {
      if (/^https?:/.test(target)) continue
      const [file = '', anchor] = target.split('#')
      const path = file === '' ? join(DOCS, page) : join(DOCS, file)
      const there = await readFile(path, 'utf8').catch((error) => (error.code === 'EISDIR' ? '' : undefined))
      if (there === undefined) broken.push(`${page}: ${target}`)
      else if (anchor !== undefined && file !== '' && !anchorsOf(there).includes(anchor))
        broken.push(`${page}: ${target}`)
    }
  }
  expect(broken).toEqual([])
})

function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}
