import { randomUUID, randomUUIDv7 } from 'node:crypto'

export interface Ids {
  /** Random (version 4): flows, limits, leases, runs made by the API. */
  random(): string
  /** In order of time (version 7): states, logs, events. */
  ordered(): string
}

export const systemIds: Ids = { random: () => randomUUID(), ordered: () => randomUUIDv7() }
