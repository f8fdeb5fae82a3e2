import { compareAnswers } from './compare.ts'
import { intended } from './differences.ts'
import { Execution } from './execute.ts'
import type { Send } from './execute.ts'
import type { Answer } from './normalise.ts'
import type { Operation, Sequence } from './operation.ts'

/** The first operation that two servers answered differently. */
export interface Difference {
  index: number
  operation: Operation
  lines: string[]
  expected: Answer
  found: Answer
}

let nonce = 0

/** A name that no other sequence has, on servers that are used for long. */
export function freshScope(seed: number): string {
  return `q${seed}r${Date.now() % 1_000_000_000}n${nonce++}t`
}

/** Lock-step on both servers until they differ; undefined when they never do. `expected` collects the answers. */
export async function runBoth(
  sequence: Sequence,
  reference: Send,
  reeve: Send,
  answers: Answer[] = [],
): Promise<Difference | undefined> {
  const scope = freshScope(sequence.seed)
  const start = Date.now()
  const theirs = new Execution(reference, sequence.version, scope, start)
  const ours = new Execution(reeve, sequence.version, scope, start)
  try {
    for (const [index, operation] of sequence.operations.entries()) {
      const [expected, found] = await Promise.all([theirs.perform(operation), ours.perform(operation)])
      answers.push(expected)
      const wanted = intended(operation, expected, found, sequence.version)
      if (wanted?.ends) return undefined
      if (wanted) continue
      const lines = compareAnswers(expected, found, sequence.version, (Date.now() - start) / 1000)
      if (lines.length > 0) return { index, operation, lines, expected, found }
    }
    return undefined
  } finally {
    await Promise.all([theirs.leave(), ours.leave()])
  }
}
