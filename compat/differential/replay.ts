import { compareAnswers } from './compare.ts'
import { intended } from './differences.ts'
import { Execution } from './execute.ts'
import type { Send } from './execute.ts'
import type { Recording } from './recording.ts'
import type { Difference } from './run-both.ts'

/**
 * The first operation that Reeve answers otherwise than the real server did; undefined when there is none. `now` is
 * the server's clock in milliseconds since the epoch, `tick` lets time pass between requests.
 */
export async function replay(
  { operations, answers, seed, version }: Recording,
  send: Send,
  {
    now,
    scope = `q${seed}v${version.replaceAll('.', '')}t`,
    tick,
  }: { now: number; scope?: string; tick?: () => void },
): Promise<Difference | undefined> {
  const execution = new Execution(send, version, scope, now)
  try {
    for (const [index, operation] of operations.entries()) {
      const expected = answers[index]
      if (!expected) return undefined
      tick?.()
      const found = await execution.perform(operation)
      const wanted = intended(operation, expected, found, version)
      if (wanted?.ends) return undefined
      if (wanted) continue
      const lines = compareAnswers(expected, found, version)
      if (lines.length > 0) return { index, operation, lines, expected, found }
    }
    return undefined
  } finally {
    await execution.leave()
  }
}
