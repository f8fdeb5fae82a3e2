import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../../tests/helpers/databases.ts'
import { createTestServer } from '../../../tests/helpers/test-server.ts'
import type { TestServer } from '../../../tests/helpers/test-server.ts'
import { reapLeases } from '../../models/leases.ts'

describe.each(DIALECTS)('who would rather wait for slots, on %s,', (dialect) => {
  let server: TestServer
  let granted: string[]
  beforeEach(async () => {
    server = await createTestServer(dialect)
    granted = []
    await server.call('POST', '/v2/concurrency_limits/', { name: 'db', limit: 2 })
  })
  afterEach(() => server.close())

  const leases = new Map<string, string>()

  async function ask(who: string, prefer: string, slots = 1) {
    const body = { names: ['db'], slots, lease_duration: 60 }
    const answer = await server.call('POST', '/v2/concurrency_limits/increment-with-lease', body, { prefer })
    if (answer.status === 200) {
      granted.push(who)
      leases.set(who, answer.body.lease_id)
    }
    return answer
  }
  const giveBack = (who: string) =>
    server.call('POST', '/v2/concurrency_limits/decrement-with-lease', { lease_id: leases.get(who) })
  const slots = async () => (await server.call('GET', '/v2/concurrency_limits/db')).body.active_slots
  /** Requests that were sent before have their places by then. */
  const settled = () => ask('nobody', 'wait=0', 2)

  test('gets them as soon as they are given back, in the order of asking', async () => {
    await ask('first', 'wait=0', 2)
    const waiting = [ask('second', 'wait=20', 2)]
    await settled()
    waiting.push(ask('third', 'wait=20', 2))
    await settled()
    expect(granted).toEqual(['first'])
    await giveBack('first')
    await waiting[0]
    expect(granted).toEqual(['first', 'second'])
    await giveBack('second')
    expect((await waiting[1])?.status).toBe(200)
    expect(granted).toEqual(['first', 'second', 'third'])
    await giveBack('third')
    expect(await slots()).toBe(0)
  })

  test('is not overtaken by smaller requests', async () => {
    await ask('holder', 'wait=0')
    const large = ask('large', 'wait=20', 2)
    await settled()
    const small = await ask('small', 'wait=0')
    expect(small.status).toBe(423)
    expect(Number(small.headers['retry-after'])).toBeGreaterThan(0)
    await giveBack('holder')
    await large
    expect(granted).toEqual(['holder', 'large'])
  })

  test('is refused when the time is over, and asked again has the same place', async () => {
    await ask('holder', 'wait=0', 2)
    const late = await ask('early', 'wait=0.05; place=mine', 2)
    expect([late.status, late.headers['retry-after']]).toEqual([423, '0'])
    const second = ask('second', 'wait=20', 2)
    await settled()
    const early = ask('early', 'wait=20; place=mine', 2)
    await settled()
    await giveBack('holder')
    await early
    expect(granted).toEqual(['holder', 'early'])
    await giveBack('early')
    await second
  })

  test('gets them when the limit is raised, or is no more', async () => {
    await ask('holder', 'wait=0', 2)
    const waiting = ask('waiting', 'wait=20')
    await settled()
    await server.call('PATCH', '/v2/concurrency_limits/db', { limit: 3 })
    expect((await waiting).status).toBe(200)
    const unlimited = ask('unlimited', 'wait=20')
    await settled()
    await server.call('DELETE', '/v2/concurrency_limits/db')
    expect((await unlimited).status).toBe(200)
  })

  test('is told at once that more is asked for than there will ever be', async () => {
    expect((await ask('greedy', 'wait=20', 3)).status).toBe(422)
  })

  test('gets them of a lease that has run out', async () => {
    await ask('holder', 'wait=0', 2)
    const waiting = ask('waiting', 'wait=20')
    await settled()
    const { context } = server
    const now = context.clock.now() + 61_000_000
    await context.database.write((session) => reapLeases(session, { now, limit: 10 }, context))
    expect((await waiting).status).toBe(200)
  })

  test('and goes away leaves the line', async () => {
    await ask('holder', 'wait=0', 2)
    await server.app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = server.app.server.address() as AddressInfo
    const path = '/api/v2/concurrency_limits/increment-with-lease'
    const headers = { 'content-type': 'application/json', prefer: 'wait=20' }
    const gone = request({ port, path, method: 'POST', headers })
    gone.on('error', () => {})
    gone.end(JSON.stringify({ names: ['db'], slots: 2, lease_duration: 60 }))
    await once(server.app.server, 'request')
    await settled()
    gone.destroy()
    await giveBack('holder')
    const next = await ask('next', 'wait=20', 2)
    expect(next.status).toBe(200)
    expect(await slots()).toBe(2)
  })

  test('is refused when the server ends', async () => {
    await ask('holder', 'wait=0', 2)
    const waiting = ask('waiting', 'wait=20')
    await settled()
    server.context.slotLines.close()
    expect((await waiting).status).toBe(423)
  })
})
