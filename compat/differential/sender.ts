import type { Generation } from '../generation.ts'
import { Rest } from '../rest.ts'
import type { Send } from './execute.ts'

/** Sends to a server as the clients of that generation do. */
export function senderOf(apiUrl: string, generation: Generation): Send {
  const rest = new Rest(apiUrl, generation.headers)
  return async (method, path, body) => {
    try {
      return await rest.send(method, path, body)
    } catch {
      // The server closed the idle connection just when it was taken up again: it did not see the request.
      return rest.send(method, path, body)
    }
  }
}
