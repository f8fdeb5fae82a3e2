import { by } from './json.ts'

/** Where two JSON values differ, one readable line a difference: `path: recorded …, found …`. */
export function differences(recorded: any, found: any, path = ''): string[] {
  if (JSON.stringify(recorded) === JSON.stringify(found)) {
    return []
  }
  if (Array.isArray(recorded) && Array.isArray(found)) {
    if (recorded.length !== found.length) {
      return alignedDifferences(recorded, found, path)
    }
    return recorded.flatMap((each, index) => differences(each, found[index], `${path}[${index}]`))
  }
  if (isRecord(recorded) && isRecord(found)) {
    const keys = [...new Set([...Object.keys(recorded), ...Object.keys(found)])]
    return keys.flatMap((key) => differences(recorded[key], found[key], path === '' ? key : `${path}.${key}`))
  }
  return [`${path}: recorded ${show(recorded)}, found ${show(found)}`]
}

// Of lists of different lengths, what only one of them holds says more than a comparison place by place.
function alignedDifferences(recorded: unknown[], found: unknown[], path: string): string[] {
  const only = (these: unknown[], those: unknown[]) => {
    const left = those.map(canonical)
    return these.filter((each) => {
      const index = left.indexOf(canonical(each))
      left.splice(index, index === -1 ? 0 : 1)
      return index === -1
    })
  }
  return [
    `${path}: recorded ${recorded.length} of them, found ${found.length}`,
    ...only(recorded, found).map((each) => `${path}: only recorded ${show(each)}`),
    ...only(found, recorded).map((each) => `${path}: only found ${show(each)}`),
  ]
}

// The order of an object's keys says nothing.
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each) =>
    isRecord(each) ? Object.fromEntries(Object.entries(each).sort(by(([key]) => key))) : each,
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
