import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from './client-process.ts'
import { differences } from './diff.ts'
import type { Generation } from './generation.ts'
import { observe } from './observe.ts'
import { readRecording } from './recording.ts'
import type { Rest } from './rest.ts'
import type { Scenario } from './scenarios.ts'

// The real server stores events up to five seconds after it received them, and a busy machine adds to that.
const SETTLES_WITHIN_MS = 15_000
const POLL_MS = 250

/** Runs a scenario and says how what it left differs from the recording; nothing when it does not. */
export async function compareScenario(
  client: Client,
  rest: Rest,
  generation: Generation,
  { name, leaves }: Scenario,
): Promise<string[]> {
  const recorded = readRecording(generation.version, name)
  const { unique, report } = await client.run(name)
  const deadline = Date.now() + SETTLES_WITHIN_MS
  for (;;) {
    const found = differences(recorded, {
      report,
      observation: await observe(rest, generation, unique, leaves),
    })
    if (found.length === 0 || Date.now() > deadline) {
      return found
    }
    await delay(POLL_MS)
  }
}
