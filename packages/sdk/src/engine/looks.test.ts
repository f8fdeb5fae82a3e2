import { setTimeout as after } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HandServer } from '../../tests/helpers/hand-server.ts'
import { Looks, type LooksOptions } from './looks.ts'

const server = new HandServer()
const open: Looks[] = []
beforeEach(() => server.start())
afterEach(async () => {
  for (const looks of open.splice(0)) looks.end()
  await server.stop()
  server.filters.length = 0
  server.sockets = []
})

/** Looks whose next wait is a long one. */
function patient(options: Partial<LooksOptions> = {}): Looks {
  const looks = new Looks(server.runtime(), {
    names: ['paid'],
    matches: ({ resource }) => resource['prefect.resource.id'] === 'order.1',
    pollSeconds: 60,
    firstSeconds: 60,
    ...options,
  })
  open.push(looks)
  return looks
}

async function live(looks: Looks): Promise<void> {
  for (const deadline = Date.now() + 10_000; !looks.isLive; await after(5))
    if (Date.now() > deadline) throw new Error('waited in vain')
}

const TOO_LONG = 20_000

test(
  'a wait ends when the connection stands, since something may have come before',
  async () => {
    const looks = patient()
    looks.begin()
    await looks.wait()
    expect(looks.isLive).toBe(true)
  },
  TOO_LONG,
)

test(
  'a wait ends with what is told since the look began, and not with other things',
  async () => {
    const told: string[] = []
    const looks = patient({ onEvent: ({ resource }) => told.push(resource['prefect.resource.id']) })
    await live(looks)
    looks.begin()
    server.tell('paid', 'order.2')
    server.tell('paid', 'order.1')
    await looks.wait()
    expect(told).toEqual(['order.1'])
  },
  TOO_LONG,
)

test(
  'a wait ends when its time is over, or when it is stopped',
  async () => {
    const looks = patient()
    await live(looks)
    looks.begin()
    await looks.wait(0.01)
    await expect(looks.wait(60, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
  },
  TOO_LONG,
)

test(
  'where nothing is told of it, looks come as often as if there were no connection',
  async () => {
    const looks = patient({ firstSeconds: 0.01, pollSeconds: 0.02, isTold: false })
    looks.begin()
    while (server.filters.length === 0) await looks.wait()
    expect(looks.isLive).toBe(false)
    for (let n = 0; n < 4; n++) {
      looks.begin()
      await looks.wait()
    }
  },
  TOO_LONG,
)

test(
  'nobody connects before it is worth it',
  async () => {
    let isWorthIt = false
    const looks = patient({ listensWhen: () => isWorthIt })
    looks.begin()
    await looks.wait(0.01)
    expect(server.sockets).toHaveLength(0)
    isWorthIt = true
    await looks.wait()
    expect(looks.isLive).toBe(true)
  },
  TOO_LONG,
)
