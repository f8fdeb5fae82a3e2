import type { Fault } from './schema-faults.ts'

/**
 * The fault that says most: the outermost, unless it is a choice, of which the deepest inside is told. Undefined
 * when there is none.
 */
export function bestFault(faults: readonly Fault[]): Fault | undefined {
  let best = faults.reduce<Fault | undefined>(
    (found, each) =>
      found === undefined || (relevance(each, found) || found.order - each.order) > 0 ? each : found,
    undefined,
  )
  while (best && best.alternatives.length > 0) {
    const [least, next] = best.alternatives.toSorted(relevance)
    if (!least || (next && relevance(least, next) === 0)) return best
    best = least
  }
  return best
}

const isWeak = ({ keyword }: Fault) => keyword === 'anyOf' || keyword === 'oneOf'

/** Positive when the first tells more: it lies further out, and neither is a choice nor about a value of the right type. */
function relevance(one: Fault, other: Fault): number {
  return (
    other.path.length - one.path.length ||
    comparePaths(one.path, other.path) ||
    Number(isWeak(other)) - Number(isWeak(one)) ||
    Number(other.typed) - Number(one.typed)
  )
}

function comparePaths(one: Fault['path'], other: Fault['path']): number {
  for (const [index, key] of one.entries()) {
    const against = other[index] as string | number
    if (key !== against) return key < against ? -1 : 1
  }
  return 0
}
