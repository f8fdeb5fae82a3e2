import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { insertRows } from '../src/database/bulk.ts'
import { Settings } from '../src/settings.ts'
import { startServer } from '../src/start.ts'
import type { RunningServer } from '../src/start.ts'
import { DIALECTS, createPostgresDatabase } from './helpers/databases.ts'

const EVENTS = 4000
const PAYLOAD = { text: 'nothing to be found '.repeat(100) }

describe.each(DIALECTS)('a dear query on %s', (dialect) => {
  let folder: string
  let server: RunningServer
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reeve-timeout-'))
    const database = dialect === 'sqlite' ? join(folder, 'test.db') : await createPostgresDatabase()
    const settings = { database, port: 0, services: false, query_timeout_seconds: 0.5, log_level: 'silent' }
    server = await startServer(Settings.parse({ ...settings, encryption_key: 'a key for tests' }))
    const { clock, ids } = server.context
    const events = Array.from({ length: EVENTS }, () => ({
      id: ids.ordered(),
      occurred: clock.now(),
      received: clock.now(),
      event: 'test',
      resource_id: 'r',
      resource: { 'prefect.resource.id': 'r' },
      related: [],
      payload: PAYLOAD,
      follows: null,
    }))
    await server.context.database.write((session) => insertRows(session, 'event', events))
  })
  afterEach(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })

  const post = (path: string, body: object) =>
    fetch(server.apiUrl + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  /** Each of a hundred words, which are in none, is looked for in each event. */
  const words = Array.from({ length: 100 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join(' ')

  test('is given up with a 400 that says so, while others are answered', async () => {
    let over = false
    const dear = post('/events/filter', { filter: { text: { query: words } } }).finally(() => (over = true))
    expect((await post('/flows/', { name: 'f' })).status).toBe(201)
    expect(await (await post('/flows/count', {})).json()).toBe(1)
    expect(over).toBe(false)
    const answer = await dear
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({ detail: expect.stringMatching(/took too long/) })
    expect((await post('/events/filter', { filter: {}, limit: 1 })).status).toBe(200)
  })
})
