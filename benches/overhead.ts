import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { flow, task } from 'reeve'
import type { EngineApi } from 'reeve/engine/api'
import { runtimeOver } from 'reeve/engine/connect'
import { runInScope } from 'reeve/engine/scope'
import { readSettings } from 'reeve/settings'
import type { Bench, Row } from './report.ts'
import { inScratchFolder } from './scratch.ts'

const ROOT = join(import.meta.dirname, '..')
const CALLS = 2000
const IMPORTS = 15

/** What the SDK itself costs: a call of a task, its import, and its size. */
export const overhead: Bench = async ({ rounds }) =>
  inScratchFolder(async (folder) => {
    const calls: number[] = []
    for (let round = 0; round <= rounds; round++) calls.push(await callMicroseconds())
    const bundled = await bundleSdk(folder)
    const source = join(ROOT, 'packages/sdk/src/index.ts')
    const [bare, imported, fromSource] = starts(['', importing(bundled), importing(source)])
    const rows: Row[] = [
      { what: 'call of a task, persistence off', unit: 'µs', value: Math.min(...calls.slice(1)), target: 50 },
      { what: 'import, bundled', unit: 'ms', value: imported - bare, target: 60 },
      { what: 'import, from source', unit: 'ms', value: fromSource - bare, target: null },
      { what: 'size of the SDK, bundled', unit: 'kB', value: kilobytes(folder), target: null },
      {
        what: 'size of the command with server',
        unit: 'kB',
        value: kilobytes(join(ROOT, 'dist')),
        target: null,
      },
    ]
    return {
      name: 'Overhead of the SDK',
      rows,
      notes: [
        'call: `await t(x)` of a task with persistResult: false in a flow, less a bare call, least of the rounds;',
        'the server is a stand-in which answers at once in the same process: all that the SDK does, nothing of the wire.',
        `import: \`node FILE\` which imports it, less an empty one; least of ${IMPORTS}. No native builds.`,
      ],
    }
  })

async function callMicroseconds(): Promise<number> {
  const double = task((x: number) => x * 2, { name: 'double', persistResult: false })
  const measured = flow(
    async () => {
      for (let call = 0; call < CALLS / 10; call++) await double(call)
      const began = performance.now()
      for (let call = 0; call < CALLS; call++) await double(call)
      const middle = performance.now()
      for (let call = 0; call < CALLS; call++) await double.fn(call)
      return (middle - began - (performance.now() - middle)) / CALLS
    },
    { name: 'measured' },
  )
  const settings = readSettings({ REEVE_LOGGING_TO_CONSOLE_ENABLED: 'no' })
  const runtime = { ...runtimeOver(standIn(), settings, { url: 'http://stand-in.invalid/api' }) }
  const pipeline = { isThere: async () => true, close() {} } as unknown as typeof runtime.pipeline
  return (await runInScope({ runtime: { ...runtime, pipeline } }, measured)) * 1000
}

/** A server that says yes to everything. */
function standIn(): EngineApi {
  const state = (asked: { type: string; state_details: object }) => ({
    status: 'ACCEPT' as const,
    details: { type: 'accept_details' as const },
    state: {
      id: 's',
      name: asked.type,
      timestamp: '2026-01-01T00:00:00Z',
      message: null,
      data: null,
      ...asked,
    },
  })
  let runs = 0
  const run = (more: object) => ({
    id: `${runs++}`,
    name: 'run',
    tags: [],
    run_count: 0,
    state: null,
    ...more,
  })
  const api = {
    createFlow: async () => ({ id: 'flow' }),
    startFlowRun: async ({ body }: any) => ({ flow_run: run(body.flow_run), result: state(body.state) }),
    startTaskRun: async ({ body }: any) => ({ task_run: run(body.task_run), result: state(body.state) }),
    setFlowRunState: async ({ body }: any) => state(body.state),
    setTaskRunState: async ({ body }: any) => state(body.state),
    createLogs: async () => {},
    createEvents: async () => {},
  }
  return api as unknown as EngineApi
}

async function bundleSdk(folder: string): Promise<string> {
  const input = join(ROOT, 'packages/sdk/src/index.ts')
  const bundle = await rolldown({
    cwd: ROOT,
    input: { reeve: input },
    platform: 'node',
    external: [/^@reeve\/server/, 'ws'],
    logLevel: 'silent',
  })
  await bundle.write({ dir: folder, format: 'esm', entryFileNames: '[name].mjs', minify: true })
  await bundle.close()
  return join(folder, 'reeve.mjs')
}

const importing = (file: string) => `import ${JSON.stringify(file)}`

/** The least milliseconds of each program, run in turns: what others do on the machine only adds. */
function starts<const Codes extends readonly string[]>(codes: Codes): { [Index in keyof Codes]: number } {
  const least = codes.map(() => Number.POSITIVE_INFINITY)
  for (let turn = 0; turn < IMPORTS; turn++) {
    for (const [index, code] of codes.entries()) {
      const began = performance.now()
      execFileSync(process.execPath, ['--input-type=module', '-e', code])
      least[index] = Math.min(least[index] as number, performance.now() - began)
    }
  }
  return least as { [Index in keyof Codes]: number }
}

function kilobytes(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())
  const sizes = files.map(({ parentPath, name }) => statSync(join(parentPath, name)).size)
  return sizes.reduce((sum, size) => sum + size, 0) / 1000
}
