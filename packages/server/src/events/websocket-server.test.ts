import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createWebsocketTest } from '../../tests/helpers/websocket-server.ts'
import type { WebsocketTest } from '../../tests/helpers/websocket-server.ts'

const PREFECT = { protocol: 'prefect' }
const LEGACY = { protocol: undefined }

describe('the websocket handshake', () => {
  let server: WebsocketTest
  afterEach(() => server.close())

  describe('without credentials', () => {
    beforeEach(async () => {
      server = await createWebsocketTest('sqlite')
    })

    test.each([null, '', 'anything'])('any token is welcome: %j', async (token) => {
      const client = await server.connect('/events/in', PREFECT).authenticated(token)
      expect(client.socket.protocol).toBe('prefect')
    })

    test('a socket without the subprotocol gets no handshake', async () => {
      const client = await server.connect('/events/in', LEGACY).opened()
      await client.pinged()
      expect(client.frames).toEqual([])
      expect(client.socket.protocol).toBe('')
    })

    test('a ping is answered before auth', async () => {
      const client = await server.connect('/events/in', PREFECT).opened()
      await client.pinged('x')
      expect(client.pongs).toEqual(['x'])
    })

    test.each(['{"type":"event"}', 'no json', '[]', 'null'])(
      'a first frame must be auth: %s',
      async (frame) => {
        const client = await server.connect('/events/in', PREFECT).opened()
        client.send(frame)
        expect(await client.closed()).toEqual({ code: 1008, reason: "Expected 'auth' message" })
      },
    )

    test.each(['/nothing', '/work_pools/p/workers/connect', '/events'])('no socket at %s', async (path) => {
      expect(await server.connect(path, PREFECT).refused()).toBe(404)
    })

    test('on close, clients are told to come back', async () => {
      const client = await server.connect('/events/in', PREFECT).authenticated()
      await server.closeWebsockets()
      expect(await client.closed()).toMatchObject({ code: 1012 })
    })
  })

  describe('with credentials', () => {
    beforeEach(async () => {
      server = await createWebsocketTest('sqlite', { api_auth_string: 'admin:pass' })
    })

    test('the raw auth string opens the socket', async () => {
      await server.connect('/events/in', PREFECT).authenticated('admin:pass')
    })

    test.each([
      [null, 'Auth required but no token provided'],
      ['', 'Auth required but no token provided'],
      ['admin:wrong', 'Invalid token'],
    ])('a token %j closes it', async (token, reason) => {
      const client = await server.connect('/events/in', PREFECT).opened()
      client.send({ type: 'auth', token })
      expect(await client.closed()).toEqual({ code: 1008, reason })
    })

    test('a socket without the subprotocol is refused', async () => {
      expect(await server.connect('/events/in', LEGACY).refused()).toBe(403)
    })
  })
})
