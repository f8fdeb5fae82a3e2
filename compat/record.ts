/**
 * Records what the real servers hold after each program:
 *
 *     node compat/record.ts [--client 3.8.8] [--scenario <part of its name>]
 *
 * writes `compat/recordings/<version>/<scenario>.json`.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { generations } from './generation.ts'
import type { Generation } from './generation.ts'
import { observe } from './observe.ts'
import type { Observation } from './observe.ts'
import { writeRecording } from './recording.ts'
import { startReferenceServer } from './reference-server.ts'
import { Rest } from './rest.ts'
import { runProgram } from './run-program.ts'
import { scenariosOf } from './scenarios.ts'

// The real server stores events up to five seconds after it received them.
const SETTLED_AFTER_MS = 7000

const { values } = parseArgs({ options: { client: { type: 'string' }, scenario: { type: 'string' } } })

async function settled(rest: Rest, generation: Generation, unique: string): Promise<Observation> {
  let last = await observe(rest, generation, unique)
  for (;;) {
    await delay(SETTLED_AFTER_MS)
    const now = await observe(rest, generation, unique)
    if (JSON.stringify(now) === JSON.stringify(last)) {
      return now
    }
    last = now
  }
}

for (const generation of generations.filter(({ version }) => !values.client || version === values.client)) {
  const server = await startReferenceServer(generation)
  const rest = new Rest(server.apiUrl, generation.headers)
  try {
    for (const { name } of scenariosOf(generation.version, values.scenario)) {
      const { unique, report } = await runProgram(generation, name, server.apiUrl)
      writeRecording(generation.version, name, {
        report,
        observation: await settled(rest, generation, unique),
      })
      console.log(`${generation.version}  ${name}`)
    }
  } finally {
    await server.stop()
  }
}
