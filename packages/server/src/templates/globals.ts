import { parametersOf } from './arguments.ts'
import { TemplateRenderError } from './template-errors.ts'
import { Callable, Namespace, wholeNumber } from './values.ts'
import type { Value } from './values.ts'

const LONGEST_RANGE = 100

/** Functions that every template sees. */
export const GLOBALS: readonly Callable[] = [
  new Callable('range', (given) => {
    const [first, second, third] = parametersOf('range', given, ['start', 'stop?', 'step?'])
    const start = second === undefined ? 0 : wholeNumber(first ?? null)
    const stop = wholeNumber(second ?? first ?? null)
    const step = wholeNumber(third ?? 1n)
    if (step === 0) throw new TemplateRenderError('ValueError', 'range() arg 3 must not be zero')
    const length = Math.max(0, Math.ceil((stop - start) / step))
    if (length > LONGEST_RANGE) {
      throw new TemplateRenderError(
        'OverflowError',
        `Range too big. The sandbox blocks ranges larger than MAX_TEMPLATE_RANGE=${LONGEST_RANGE}.`,
      )
    }
    return Array.from({ length }, (_, index) => BigInt(start + index * step))
  }),
  new Callable('dict', ({ named }) => new Map<Value, Value>(named)),
  new Callable('namespace', ({ named }) => new Namespace(new Map<Value, Value>(named))),
]
