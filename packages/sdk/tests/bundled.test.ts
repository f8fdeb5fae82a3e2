import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { rolldown } from 'rolldown'
import { expect, onTestFinished, test } from 'vitest'

const PROGRAM = `
import { flow, task, withServer } from ${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))}

const double = task((n) => n * 2, { name: 'double' })
const twice = flow(async () => double.map([1, 2]), { name: 'twice' })
await withServer(async ({ client }) => {
  const doubled = await twice()
  console.log(JSON.stringify({ doubled, runs: (await client.filterTaskRuns({ body: {} })).length }))
})
`

test('a program bundled into one small file runs, with its server', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reeve-bundled-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'program.js'), PROGRAM)
  const bundle = await rolldown({ input: join(folder, 'program.js'), platform: 'node', logLevel: 'silent' })
  await bundle.write({
    file: join(folder, 'out/program.mjs'),
    format: 'esm',
    codeSplitting: false,
    minify: true,
    keepNames: true,
  })
  await bundle.close()
  const { REEVE_API_URL: _, PREFECT_API_URL: __, ...rest } = process.env
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'out/program.mjs')], {
    cwd: folder,
    env: { ...rest, REEVE_HOME: join(folder, 'home') },
    timeout: 60_000,
  })
  expect(JSON.parse(stdout)).toEqual({ doubled: [2, 4], runs: 2 })
}, 120_000)
