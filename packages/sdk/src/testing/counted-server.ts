import type { InMemoryServer } from '../local/in-memory-server.ts'

/** A server in memory which tells how much it is asked. */
export interface CountedServer extends InMemoryServer {
  /** All requests so far. */
  readonly requests: number
  readonly inFlight: number
}

const READING = /\/(filter|count|paginate|history|lateness|graph(-v2)?)\b[^/]*$/

/** Counts the requests, and tells of each that may have changed something when it has been answered. */
export function countRequests(server: InMemoryServer, onChange: () => void): CountedServer {
  let requests = 0
  let inFlight = 0
  return {
    ...server,
    get requests() {
      return requests
    },
    get inFlight() {
      return inFlight
    },
    async fetch(input, init) {
      requests++
      inFlight++
      try {
        return await server.fetch(input, init)
      } finally {
        inFlight--
        if ((init?.method ?? 'GET') !== 'GET' && !READING.test(String(input))) onChange()
      }
    },
  }
}
