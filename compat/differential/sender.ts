import { setTimeout as delay } from 'node:timers/promises'
import type { Generation } from '../generation.ts'
import { Rest } from '../rest.ts'
import type { Send } from './execute.ts'

// A slow machine lets every kept connection grow stale at once.
const MAX_TRIES = 8

/** Sends to a server as the clients of that generation do. */
export function senderOf(apiUrl: string, generation: Generation): Send {
  const rest = new Rest(apiUrl, generation.headers)
  return async (method, path, body) => {
    for (let tries = 1; ; tries++) {
      try {
        return await rest.send(method, path, body)
      } catch (error) {
        // The server closed the idle connection just when it was taken up again: it did not see the request.
        if (tries === MAX_TRIES) throw error
        await delay(100 * tries)
      }
    }
  }
}
