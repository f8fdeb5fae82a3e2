import { setTimeout as delay } from 'node:timers/promises'
import { differences } from './diff.ts'
import type { Generation } from './generation.ts'
import { observe } from './observe.ts'
import { readRecording } from './recording.ts'
import { Rest } from './rest.ts'
import { runProgram } from './run-program.ts'

// The real server stores events up to five seconds after it received them, and a busy machine adds to that.
const SETTLES_WITHIN_MS = 15_000
const POLL_MS = 250

interface Options {
  /** Headers for the suite's own requests, beside the generation's. */
  headers?: Record<string, string>
  /** Further environment of the client. */
  env?: Record<string, string>
}

/** Runs a program against a server and says how what it left differs from the recording; nothing when it does not. */
export async function compareScenario(
  generation: Generation,
  scenario: string,
  apiUrl: string,
  options: Options = {},
): Promise<string[]> {
  const recorded = readRecording(generation.version, scenario)
  const { unique, report } = await runProgram(generation, scenario, apiUrl, options.env)
  const rest = new Rest(apiUrl, { ...generation.headers, ...options.headers })
  const deadline = Date.now() + SETTLES_WITHIN_MS
  for (;;) {
    const found = differences(recorded, { report, observation: await observe(rest, generation, unique) })
    if (found.length === 0 || Date.now() > deadline) {
      return found
    }
    await delay(POLL_MS)
  }
}
