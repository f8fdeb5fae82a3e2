import type { SchemaValueError } from '@reeve/schemas/ui'

/** One thing that is wrong, and where in the value. */
export interface Complaint {
  path: (string | number)[]
  message: string
}

/** Complaints nested as the value is. Those about one place stand by themselves, those about its parts together. */
export function nestedErrors(complaints: readonly Complaint[]): SchemaValueError[] {
  const root: SchemaValueError[] = []
  const ends = new Set<SchemaValueError>()
  for (const { path, message } of complaints) {
    let level = root
    for (const part of path.slice(0, -1)) level = levelOf(level, part, ends)
    const last = path.at(-1)
    const end = last === undefined ? message : entry(last, [message])
    ends.add(end)
    level.push(end)
  }
  return root
}

function levelOf(
  level: SchemaValueError[],
  part: string | number,
  ends: ReadonlySet<SchemaValueError>,
): SchemaValueError[] {
  for (const each of level) {
    if (typeof each === 'string' || ends.has(each)) continue
    if ('index' in each ? each.index === part : each.property === part) return each.errors
  }
  const errors: SchemaValueError[] = []
  level.push(entry(part, errors))
  return errors
}

function entry(part: string | number, errors: SchemaValueError[]): SchemaValueError {
  return typeof part === 'number' ? { index: part, errors } : { property: part, errors }
}
