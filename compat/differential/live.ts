import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import { requireGeneration } from '../generation.ts'
import { startReeve } from '../reeve-server.ts'
import { startReferenceServer } from '../reference-server.ts'
import { generate } from './generate.ts'
import { runBoth } from './run-both.ts'
import type { Difference } from './run-both.ts'
import { senderOf } from './sender.ts'
import { kindOf, shrink } from './shrink.ts'
import type { Sequence } from './operation.ts'

const { values } = parseArgs({
  options: {
    sequences: { type: 'string', default: '200' },
    operations: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    generation: { type: 'string', default: '3.8.8' },
    parallel: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '1000000' },
    'reference-url': { type: 'string' },
    'reeve-url': { type: 'string' },
  },
})
const FAILURES = join(import.meta.dirname, 'failures')
const MAX_KINDS = 20
// Beyond this the distances of moments from the start blur: what differs then says nothing.
const LONGEST_SEQUENCE_MS = 100_000
const MAX_TRIES = 5

const generation = requireGeneration(values.generation)
const started = Date.now()
const database = join(tmpdir(), `reeve-differential-${process.pid}.db`)
const theirs = values['reference-url']
  ? undefined
  : await startReferenceServer(generation, { services: false })
const ours = values['reeve-url'] ? undefined : await startReeve(database, { REEVE_SERVICES: 'false' })
const reference = senderOf(values['reference-url'] ?? theirs?.apiUrl ?? '', generation)
const reeve = senderOf(values['reeve-url'] ?? ours?.apiUrl ?? '', generation)

const first = Number(values.seed)
const count = Number(values.sequences)
const end = started + Number(values.minutes) * 60_000
const kinds = new Map<string, { times: number; sequence: Sequence; difference: Difference }>()
let done = 0
let next = 0

async function compared(sequence: Sequence): Promise<Difference | undefined> {
  for (let tries = 1; ; tries++) {
    const begun = Date.now()
    const difference = await runBoth(sequence, reference, reeve)
    if (!difference || tries === MAX_TRIES || Date.now() - begun < LONGEST_SEQUENCE_MS) return difference
  }
}

async function work(): Promise<void> {
  while (next < count && kinds.size < MAX_KINDS && Date.now() < end) {
    const sequence = generate(first + next++, Number(values.operations), generation.version)
    const difference = await compared(sequence)
    if (difference) {
      const kind = kindOf(difference)
      const known = kinds.get(kind)
      if (known) known.times++
      else kinds.set(kind, { times: 1, sequence, difference })
      console.log(`seed ${sequence.seed}: ${kind}`)
    }
    done++
    if (done % 50 === 0) console.log(`${done} of ${count} sequences, ${kinds.size} kinds of difference`)
  }
}

await Promise.all(Array.from({ length: Number(values.parallel) }, work))
rmSync(FAILURES, { recursive: true, force: true })
for (const [index, [kind, { times, sequence, difference }]] of [...kinds].entries()) {
  const least = await shrink(sequence, difference, compared)
  mkdirSync(FAILURES, { recursive: true })
  writeFileSync(join(FAILURES, `${index + 1}.json`), JSON.stringify({ kind, ...least }, null, 2))
  console.log(`\n${times}× seed ${sequence.seed}: ${kind}`)
  for (const { method, path, body } of least.sequence.operations) {
    console.log(`    ${method} ${path} ${body === undefined ? '' : JSON.stringify(body)}`)
  }
  for (const line of least.difference.lines.slice(0, 8)) console.log(`  → ${line}`)
}
await Promise.all([theirs?.stop(), ours?.stop()])
rmSync(database, { force: true })
const seconds = Math.round((Date.now() - started) / 1000)
const total = [...kinds.values()].reduce((sum, { times }) => sum + times, 0)
console.log(
  `${done} sequences of ${values.operations} operations against ${generation.version} from seed ${first}: ` +
    `${done - total} the same, ${total} different (${kinds.size} kinds), in ${seconds} s`,
)
process.exitCode = total > 0 ? 1 : 0
