import type { Context } from '../context.ts'
import type { Ingest } from './ingest.ts'
import type { Peer } from './peer.ts'
import { readEvent } from './read-event.ts'

/**
 * `/events/in`: every frame is an event, none is answered. While the queue is crowded nothing more is read
 * from the socket, which slows the sender down.
 */
export function receiveEvents(peer: Peer, context: Context, ingest: Ingest): void {
  const { socket } = peer
  peer.onFrame((text) => {
    const event = readEvent(text, context)
    if (event) ingest.push(event, peer.begin())
    if (!ingest.isCrowded || socket.isPaused) return
    socket.pause()
    ingest.whenRoomy(() => socket.resume())
  })
}
