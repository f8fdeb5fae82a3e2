import type { JsonObject } from '@reeve/schemas/json'
import type { IncomingHttpHeaders } from 'node:http'

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

/** The automation that made the request, by its two headers; null when either is absent or unreadable. */
export function createdBy(headers: IncomingHttpHeaders): JsonObject | null {
  const id = headers['prefect-automation-id']
  const name = headers['prefect-automation-name']
  if (typeof id !== 'string' || !UUID.test(id)) return null
  if (typeof name !== 'string' || !BASE64.test(name)) return null
  const display_value = Buffer.from(name, 'base64').toString('utf8')
  return { id: id.toLowerCase(), type: 'AUTOMATION', display_value }
}
