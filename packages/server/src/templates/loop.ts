import type { Budget } from './budget.ts'
import { Callable, either, equals, Namespace, Undefined } from './values.ts'
import type { Value } from './values.ts'

/** The `loop` of one round. `seen` keeps what `loop.changed` was given before. */
export function loopVariable(
  items: readonly Value[],
  index: number,
  depth: number,
  seen: { last: Value[] | undefined },
  budget: Budget,
): Namespace {
  const length = items.length
  budget.step()
  const members: [string, Value][] = [
    ['index', BigInt(index + 1)],
    ['index0', BigInt(index)],
    ['revindex', BigInt(length - index)],
    ['revindex0', BigInt(length - index - 1)],
    ['first', index === 0],
    ['last', index === length - 1],
    ['length', BigInt(length)],
    ['depth', BigInt(depth)],
    ['depth0', BigInt(depth - 1)],
    ['previtem', either(items[index - 1], new Undefined('there is no previous item'))],
    ['nextitem', either(items[index + 1], new Undefined('there is no next item'))],
    ['cycle', new Callable('cycle', ({ positional }) => either(positional[index % positional.length], null))],
    [
      'changed',
      new Callable('changed', ({ positional }) => {
        const changed = seen.last === undefined || !equals(seen.last, positional)
        seen.last = positional
        return changed
      }),
    ],
  ]
  return new Namespace(new Map<Value, Value>(members))
}
