import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { requireGeneration } from '../generation.ts'
import { startReferenceServer } from '../reference-server.ts'
import { Execution } from './execute.ts'
import { generate } from './generate.ts'
import type { Answer } from './normalise.ts'
import type { Recording } from './recording.ts'
import { freshScope } from './run-both.ts'
import { senderOf } from './sender.ts'

const { values } = parseArgs({
  options: {
    sequences: { type: 'string', default: '30' },
    operations: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    generation: { type: 'string', default: '3.8.8' },
    folder: { type: 'string', default: join(import.meta.dirname, 'recordings') },
    'reference-url': { type: 'string' },
  },
})
// A sequence that took longer than durations may differ by would make a recording of chance.
const MAX_MS = 12_000

const generation = requireGeneration(values.generation)
const server = values['reference-url']
  ? undefined
  : await startReferenceServer(generation, { services: false })
const send = senderOf(values['reference-url'] ?? server?.apiUrl ?? '', generation)

async function record(seed: number): Promise<Recording> {
  for (;;) {
    const sequence = generate(seed, Number(values.operations), generation.version)
    const started = Date.now()
    const execution = new Execution(send, generation.version, freshScope(seed), started)
    const answers: Answer[] = []
    for (const operation of sequence.operations) answers.push(await execution.perform(operation))
    const took = Date.now() - started
    await execution.leave()
    if (took <= MAX_MS) return { ...sequence, answers }
    console.log(`seed ${seed} took ${took} ms, once more`)
  }
}

const recordings: Recording[] = []
const first = Number(values.seed)
for (let seed = first; seed < first + Number(values.sequences); seed++) recordings.push(await record(seed))
await server?.stop()
mkdirSync(values.folder, { recursive: true })
const file = join(values.folder, `${generation.version}-seed-${first}.json`)
writeFileSync(file, `[\n${recordings.map((each) => JSON.stringify(each)).join(',\n')}\n]\n`)
console.log(`${recordings.length} sequences of ${values.operations} operations in ${file}`)
