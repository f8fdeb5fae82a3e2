import type { Json } from '@reeve/schemas/json'

/** Whether data says that a result is stored: an object, unless it is marked as not persisted. */
export function isResultObject(data: Json): boolean {
  return data !== null && typeof data === 'object' && !Array.isArray(data) && data.type !== 'unpersisted'
}

/** Whether a flow run's state holds a result that must not be lost. */
export function hasPersistedResult(data: Json): boolean {
  return isResultObject(data) && !isEmpty(data)
}

/** As for task runs, and the flow runs of 2.20: any data that is not empty and not marked. */
export function hasResult(data: Json): boolean {
  if (isEmpty(data)) return false
  return typeof data !== 'object' || Array.isArray(data) || data?.type !== 'unpersisted'
}

function isEmpty(data: Json): boolean {
  if (data === null || typeof data !== 'object') return !data
  for (const _ in data) return false
  return true
}
