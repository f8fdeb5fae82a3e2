import { hash } from 'node:crypto'
import { encodeJson } from '../results/json-serializer.ts'

/**
 * A short text that is equal for equal values, whatever the order of keys, Map entries or Set members.
 * Throws UnserializableError for values that have no stable form, such as functions.
 */
export function stableHash(value: unknown): string {
  return hash('sha256', canonical(encodeJson(value)))
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value)
  const tag = value as { $reeve?: unknown[] }
  if (entries.length === 1 && Array.isArray(tag.$reeve)) return unordered(tag.$reeve)
  return `{${entries
    .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`)
    .sort()
    .join(',')}}`
}

function unordered([kind, ...payload]: unknown[]): string {
  const [items] = payload
  const isBag = (kind === 'Map' || kind === 'Set' || kind === 'object') && Array.isArray(items)
  return `<${String(kind)}:${isBag ? items.map(canonical).sort().join(',') : canonical(payload)}>`
}
