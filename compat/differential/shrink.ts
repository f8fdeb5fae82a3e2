import type { Difference } from './run-both.ts'
import type { Operation, Sequence } from './operation.ts'

const MAX_ATTEMPTS = 120

/**
 * A sequence as short as can be in which some operation still differs in the same place (delta debugging: ever
 * smaller pieces are left out, then keys of bodies). `run` executes a sequence.
 */
export async function shrink(
  sequence: Sequence,
  difference: Difference,
  run: (sequence: Sequence) => Promise<Difference | undefined>,
): Promise<{ sequence: Sequence; difference: Difference }> {
  const wanted = kindOf(difference)
  let best = { sequence: cut(sequence, difference), difference }
  let left = MAX_ATTEMPTS
  const attempt = async (operations: Operation[]): Promise<boolean> => {
    if (left-- <= 0) return false
    const found = await run({ ...sequence, operations })
    if (!found || kindOf(found) !== wanted) return false
    best = { sequence: cut({ ...sequence, operations }, found), difference: found }
    return true
  }
  for (let size = Math.ceil(best.sequence.operations.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = best.sequence.operations.length - 1 - size; from > -size;) {
      const { operations } = best.sequence
      const start = Math.max(0, from)
      const fewer = [...operations.slice(0, start), ...operations.slice(from + size)]
      if (fewer.length < operations.length) await attempt(fewer)
      from = Math.min(from - size, best.sequence.operations.length - 1 - size)
    }
  }
  for (let index = best.sequence.operations.length - 1; index >= 0; index--) await thin(index)
  return best

  async function thin(index: number): Promise<void> {
    const before = best.sequence.operations[index]
    for (const body of lesser(before?.body)) {
      const operations = best.sequence.operations.with(index, { ...(before as Operation), body })
      if (operations.length === best.sequence.operations.length && (await attempt(operations)))
        return thin(index)
    }
  }
}

// The last operation is the one that differs: nothing after it matters.
function cut(sequence: Sequence, { index }: Difference): Sequence {
  return { ...sequence, operations: sequence.operations.slice(0, index + 1) }
}

/** Differences of a kind have the same route and the same first place. */
export function kindOf({ operation, lines }: Difference): string {
  const path = operation.path.replaceAll(/@\w+\([^)]*\)/g, '*').replace(/\?.*/, '')
  const first = (lines[0] ?? '').replaceAll(/\[\d+\]/g, '[]').replaceAll(/\d+/g, 'n')
  return `${operation.method} ${path} ${first}`
}

/** The value without one of its keys, at any depth. */
function* lesser(value: unknown): Generator<unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return
  for (const [key, each] of Object.entries(value)) {
    yield Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
    for (const less of lesser(each)) yield { ...value, [key]: less }
  }
}
