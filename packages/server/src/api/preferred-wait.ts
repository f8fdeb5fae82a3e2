import type { IncomingHttpHeaders } from 'node:http'

const LONGEST_SECONDS = 60
const WAIT = /(?:^|[,;])\s*wait=(\d{1,4}(?:\.\d{1,3})?)/
const PLACE = /(?:^|[,;])\s*place=([\w-]{1,64})/

/**
 * How long the client would rather wait than be refused (`Prefer: wait=25; place=…`, RFC 7240), and the token by
 * which it finds its place in the line again. Undefined for one that does not say so.
 */
export function preferredWait({ prefer }: IncomingHttpHeaders) {
  const wait = typeof prefer === 'string' ? WAIT.exec(prefer)?.[1] : undefined
  if (wait === undefined) return undefined
  return { seconds: Math.min(Number(wait), LONGEST_SECONDS), token: PLACE.exec(String(prefer))?.[1] }
}
