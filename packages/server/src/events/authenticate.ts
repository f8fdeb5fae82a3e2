import { asksForCredentials, tokenPasses } from '../credentials.ts'
import type { Settings } from '../settings.ts'
import { frameObject } from './peer.ts'
import type { Peer } from './peer.ts'

const POLICY_VIOLATION = 1008
const PATIENCE_MS = 30_000

/** Waits for the first frame, which must be `{"type": "auth", "token": …}`; goes on or closes the socket. */
export function authenticate(peer: Peer, settings: Settings, proceed: () => void): void {
  const refuse = (reason: string) => peer.close(POLICY_VIOLATION, reason)
  const patience = setTimeout(() => refuse("Expected 'auth' message"), PATIENCE_MS).unref()
  peer.socket.once('close', () => clearTimeout(patience))
  peer.onceFrame((text) => {
    clearTimeout(patience)
    const frame = frameObject(text)
    if (frame?.['type'] !== 'auth') return refuse("Expected 'auth' message")
    if (asksForCredentials(settings)) {
      const token = frame['token']
      if (typeof token !== 'string' || token === '') return refuse('Auth required but no token provided')
      if (!tokenPasses(settings, token)) return refuse('Invalid token')
    }
    peer.send({ type: 'auth_success' })
    proceed()
  })
}
