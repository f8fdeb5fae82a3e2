import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { machine, printReport } from './report.ts'
import type { Bench } from './report.ts'

/** Each benchmark loads its code only when it is asked for. */
const BENCHES: { [name: string]: () => Promise<Bench> } = {
  http: async () => (await import('./http.ts')).http,
  startup: async () => (await import('./startup.ts')).startup,
  memory: async () => (await import('./memory.ts')).memory,
  recorder: async () => (await import('./recorder.ts')).recorder,
  durable: async () => (await import('./durable.ts')).durable,
  overhead: async () => (await import('./overhead.ts')).overhead,
  disk: async () => (await import('./disk.ts')).disk,
  drain: async () => (await import('./drain.ts')).drain,
  big: async () => (await import('./big.ts')).big,
}

const USAGE = `npm run bench -- NAME... [--json FILE] [--seconds 2] [--rounds 3] [--reference 3.8.8] [--no-postgres]
  big: [--task-runs 1000000] [--data FOLDER]
names: ${Object.keys(BENCHES).join(', ')}, all`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    json: { type: 'string' },
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    reference: { type: 'string' },
    postgres: { type: 'boolean', default: true },
    'task-runs': { type: 'string', default: '1000000' },
    data: { type: 'string' },
  },
})
const names = positionals.includes('all') ? Object.keys(BENCHES) : positionals
const unknown = names.filter((name) => !BENCHES[name])
if (names.length === 0 || unknown.length > 0) {
  console.error(unknown.length > 0 ? `No benchmark is called ${unknown.join(', ')}.\n${USAGE}` : USAGE)
  process.exit(2)
}

const reports = []
for (const name of names) {
  const bench = await (BENCHES[name] as () => Promise<Bench>)()
  const found = await bench({
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    reference: values.reference,
    postgres: values.postgres,
    taskRuns: Number(values['task-runs']),
    data: values.data,
  })
  for (const report of [found].flat()) {
    printReport(report)
    reports.push(report)
  }
}
const path = values.json ?? fileURLToPath(new URL(`results/${names.join('-')}.json`, import.meta.url))
mkdirSync(dirname(path), { recursive: true })
const result = { measured: new Date().toISOString(), machine: machine(), reports }
writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`)
console.log(`Written to ${path}`)
