import { typeError } from './template-errors.ts'
import type { Given, Value } from './values.ts'

/**
 * The values of a function's parameters, by position or by name. A parameter with a question mark may be left
 * out, and is then undefined.
 */
export function parametersOf(
  name: string,
  { positional, named }: Given,
  parameters: readonly string[],
): (Value | undefined)[] {
  if (positional.length > parameters.length) {
    throw typeError(
      `${name}() takes ${parameters.length} positional arguments but ${positional.length} were given`,
    )
  }
  const left = new Map(named)
  const values = parameters.map((parameter, index) => {
    const bare = parameter.replace('?', '')
    const value = positional[index] === undefined ? left.get(bare) : positional[index]
    left.delete(bare)
    if (value === undefined && bare === parameter) {
      throw typeError(`${name}() missing 1 required positional argument: '${bare}'`)
    }
    return value
  })
  for (const unknown of left.keys()) {
    throw typeError(`${name}() got an unexpected keyword argument '${unknown}'`)
  }
  return values
}
