/** Some of a record's fields: those of `fields` that it has. */
export function pick(record: any, fields: string[]): Record<string, unknown> {
  return Object.fromEntries(fields.filter((field) => field in record).map((field) => [field, record[field]]))
}

/** In an order that does not depend on when things were made. */
export function sorted<T>(values: T[]): T[] {
  return [...values].sort(by((each) => JSON.stringify(each)))
}

/** Orders by a text, byte by byte, whatever the locale. */
export function by<T>(text: (value: T) => string): (a: T, b: T) => number {
  return (a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0)
}
