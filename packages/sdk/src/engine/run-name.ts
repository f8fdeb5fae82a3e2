/** A name for each run: a template such as `load-{table}`, or a function of the arguments. */
export type RunName<A extends unknown[]> = string | ((...args: A) => string)

/** Fills `{name}` in with the inputs; what it does not know stays as it is. */
export function renderRunName<A extends unknown[]>(
  name: RunName<A>,
  args: A,
  inputs: { readonly [name: string]: unknown },
): string {
  if (typeof name === 'function') return name(...args)
  return name.replace(/\{(\w+)\}/g, (whole, key: string) => (key in inputs ? show(inputs[key]) : whole))
}

function show(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}
