import { setTimeout as delay } from 'node:timers/promises'

/** A websocket to `/events/in`, past its handshake. */
export async function openEventSocket(origin: string): Promise<WebSocket> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/events/in`, ['prefect'])
  await happens(socket, 'open')
  socket.send(JSON.stringify({ type: 'auth', token: null }))
  await happens(socket, 'message')
  return socket
}

/** Sends all frames, never with more than a few megabytes under way nor more a second than that. */
export async function sendAll(
  socket: WebSocket,
  frames: Iterable<string>,
  perSecond = Infinity,
): Promise<void> {
  let due = performance.now()
  for (const frame of frames) {
    if (due > performance.now()) await delay(due - performance.now())
    due += 1000 / perSecond
    socket.send(frame)
    while (socket.bufferedAmount > MOST_UNDER_WAY) await new Promise((resolve) => setImmediate(resolve))
  }
}

const MOST_UNDER_WAY = 4_000_000

function happens(socket: WebSocket, name: 'open' | 'message'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.addEventListener(name, () => resolve(), { once: true })
    socket.addEventListener('close', () => reject(new Error('The server closed the websocket')), {
      once: true,
    })
  })
}
