import { setTimeout as after } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { HandServer } from '../../tests/helpers/hand-server.ts'
import { type Bell, listenForEvents } from './event-bell.ts'
import type { Runtime } from './runtime.ts'

const server = new HandServer()
const bells: Bell[] = []
afterEach(async () => {
  for (const bell of bells.splice(0)) bell.end()
  await server.stop()
  server.filters.length = 0
  server.sockets = []
})

async function until(holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !holds(); await after(5)) {
    if (Date.now() > deadline) throw new Error('waited in vain')
  }
}

function listen(name: string, id: string, { connection, clock } = server.runtime()) {
  const heard = { times: 0 }
  const bell = listenForEvents({ connection, clock } as Runtime, {
    names: [name],
    matches: ({ resource }) => resource['prefect.resource.id'] === id,
    ring: () => heard.times++,
  })
  bells.push(bell)
  return { bell, heard }
}

test('rings when it is live, and for each event that matches', async () => {
  await server.start()
  const { bell, heard } = listen('paid', 'order.1')
  expect(bell.isLive).toBe(false)
  await until(() => bell.isLive)
  expect(heard.times).toBe(1)
  expect(server.filters).toMatchObject([{ filter: { event: { name: ['paid'] } }, backfill: false }])
  server.tell('paid', 'order.2')
  server.tell('sent', 'order.1')
  server.tell('paid', 'order.1')
  await until(() => heard.times > 1)
  expect(heard.times).toBe(2)
})

test('all who listen share a socket, which is made anew for a name that it was not asked for', async () => {
  await server.start()
  const shared = server.runtime()
  const first = listen('paid', 'order.1', shared)
  const second = listen('paid', 'order.2', shared)
  await until(() => first.bell.isLive && second.heard.times > 0)
  expect(server.sockets).toHaveLength(1)
  const third = listen('sent', 'order.3', shared)
  await until(() => third.bell.isLive)
  expect(server.filters.at(-1)).toMatchObject({ filter: { event: { name: ['paid', 'sent'] } } })
  server.tell('sent', 'order.3')
  server.tell('paid', 'order.1')
  await until(() => third.heard.times === 2 && first.heard.times === 3)
})

test('after a lost connection it rings, since something may have been missed', async () => {
  await server.start()
  const { bell, heard } = listen('paid', 'order.1')
  await until(() => bell.isLive)
  await server.stop()
  await until(() => !bell.isLive)
  await server.start()
  await until(() => bell.isLive)
  expect(heard.times).toBe(2)
})

test('is never live where there is nobody to listen to', async () => {
  await server.start()
  await server.stop()
  const { bell, heard } = listen('paid', 'order.1')
  await after(250)
  expect([bell.isLive, heard.times]).toEqual([false, 0])
})
