/**
 * Records what the real servers hold after each program:
 *
 *     node compat/record.ts [--client 3.8.8] [--scenario <part of its name>]
 *
 * writes `compat/recordings/<version>/<scenario>.json`.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startClient } from './client-process.ts'
import { generations } from './generation.ts'
import type { Generation } from './generation.ts'
import { inParallel } from './in-parallel.ts'
import { observe } from './observe.ts'
import type { Observation } from './observe.ts'
import { writeRecording } from './recording.ts'
import { startReferenceServer } from './reference-server.ts'
import { Rest } from './rest.ts'
import { scenariosOf } from './scenarios.ts'
import type { Place } from './scenarios.ts'

// The real server stores events up to five seconds after it received them.
const SETTLED_AFTER_MS = 7000
const PARALLEL = 3

const { values } = parseArgs({ options: { client: { type: 'string' }, scenario: { type: 'string' } } })

async function settled(
  rest: Rest,
  generation: Generation,
  unique: string,
  places?: Place[],
): Promise<Observation> {
  let last = await observe(rest, generation, unique, places)
  for (;;) {
    await delay(SETTLED_AFTER_MS)
    const now = await observe(rest, generation, unique, places)
    if (JSON.stringify(now) === JSON.stringify(last)) {
      return now
    }
    last = now
  }
}

for (const generation of generations.filter(({ version }) => !values.client || version === values.client)) {
  const server = await startReferenceServer(generation)
  const client = await startClient(generation, server.apiUrl)
  const rest = new Rest(server.apiUrl, generation.headers)
  try {
    await inParallel(
      scenariosOf(generation.version, values.scenario, true),
      PARALLEL,
      async ({ name, leaves }) => {
        const { unique, report } = await client.run(name)
        writeRecording(generation.version, name, {
          report,
          observation: await settled(rest, generation, unique, leaves),
        })
        console.log(`${generation.version}  ${name}`)
      },
    )
  } finally {
    await client.stop()
    await server.stop()
  }
}
