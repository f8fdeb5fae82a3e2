import { createHash, timingSafeEqual } from 'node:crypto'
import type { Settings } from './settings.ts'

type Credentials = Pick<Settings, 'api_auth_string' | 'api_key'>

/** Compares digests, so that neither content nor length shows in the time it takes. */
function equal(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

export function asksForCredentials({ api_auth_string, api_key }: Credentials): boolean {
  return api_auth_string !== undefined || api_key !== undefined
}

/** Whether a raw token (a websocket's first message) is the auth string or the API key. */
export function tokenPasses(credentials: Credentials, token: string): boolean {
  const accepted = [credentials.api_auth_string, credentials.api_key]
  return accepted.some((secret) => secret !== undefined && equal(secret, token))
}

/** Whether an Authorization header may pass: `Basic` with the auth string, or `Bearer` with either secret. */
export function headerPasses(credentials: Credentials, header: string | undefined): boolean {
  if (!asksForCredentials(credentials)) return true
  const [, scheme = '', value = ''] = /^(\S+) +(.*)$/.exec(header ?? '') ?? []
  if (scheme.toLowerCase() === 'bearer') return tokenPasses(credentials, value)
  if (scheme.toLowerCase() !== 'basic' || credentials.api_auth_string === undefined) return false
  return equal(credentials.api_auth_string, Buffer.from(value, 'base64').toString('utf8'))
}
