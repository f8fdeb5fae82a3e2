import * as crypto from 'node:crypto'
import { orderedUuid } from '@reeve/schemas/ordered-uuid'

export interface Ids {
  /** Random (version 4): flows, limits, leases. */
  random(): string
  /** In order of time (version 7), for what comes by the thousand, so that new rows share pages: runs, states, artifacts, logs, events. */
  ordered(): string
}

export const systemIds: Ids = {
  random: () => crypto.randomUUID(),
  // Node before 26 and Deno do not make them.
  ordered: 'randomUUIDv7' in crypto ? () => crypto.randomUUIDv7() : orderedUuid,
}
