const WIDTH = 110

/** JSON for people: what fits on a line stands on a line. */
export function printJson(value: unknown, indent = ''): string {
  const flat = JSON.stringify(value)
  if (value === null || typeof value !== 'object' || indent.length + flat.length <= WIDTH) {
    return flat
  }
  const inner = `${indent}  `
  const parts = Array.isArray(value)
    ? value.map((each) => printJson(each, inner))
    : Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${printJson(each, inner)}`)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`
}
