import * as crypto from 'node:crypto'

export interface Ids {
  /** Random (version 4): flows, limits, leases. */
  random(): string
  /** In order of time (version 7), for what comes by the thousand, so that new rows share pages: runs, states, logs, events. */
  ordered(): string
}

/** For runtimes whose crypto module does not make them: Node before 26, Deno. */
export function orderedUuid(): string {
  const time = Date.now().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`
}

export const systemIds: Ids = {
  random: () => crypto.randomUUID(),
  ordered: 'randomUUIDv7' in crypto ? () => crypto.randomUUIDv7() : orderedUuid,
}
