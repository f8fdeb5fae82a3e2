import { randomUUID, randomUUIDv7 } from 'node:crypto'

export interface Ids {
  /** Random (version 4): flows, limits, leases. */
  random(): string
  /** In order of time (version 7), for what comes by the thousand, so that new rows share pages: runs, states, logs, events. */
  ordered(): string
}

export const systemIds: Ids = { random: () => randomUUID(), ordered: () => randomUUIDv7() }
