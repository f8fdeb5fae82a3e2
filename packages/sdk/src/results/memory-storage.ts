import type { ResultStorage } from './storage.ts'

/** Keeps results in this process; they are gone when it ends. Meant for tests and for short-lived caches. */
export function memoryStorage(): ResultStorage {
  const entries = new Map<string, Uint8Array>()
  return {
    type: 'memory',
    get: async (key) => entries.get(key),
    put: async (key, bytes) => void entries.set(key, bytes),
    delete: async (key) => void entries.delete(key),
  }
}
