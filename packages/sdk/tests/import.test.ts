import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

const PROGRAM = `
import { registerHooks } from 'node:module'
const libraries = []
registerHooks({
  load(url, context, next) {
    if (url.includes('/node_modules/')) libraries.push(url)
    return next(url, context)
  },
})
await import('reeve')
console.log(JSON.stringify(libraries))
`

test('to import the package loads no library: they come when something needs them', () => {
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  })
  expect(JSON.parse(output)).toEqual([])
})
