import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LogFilter } from '@reeve/schemas/filters/log-filter'
import { createLogs, readLogs } from '../models/logs.ts'
import { START } from '../../tests/helpers/test-context.ts'
import { createWebsocketTest } from '../../tests/helpers/websocket-server.ts'
import type { WebsocketTest } from '../../tests/helpers/websocket-server.ts'
import { logMatcher } from './log-matcher.ts'

const FLOW_RUN = '11111111-0000-4000-8000-000000000001'
const TASK_RUN = '11111111-0000-4000-8000-000000000002'
const line = (message: string, more: object = {}) => ({
  name: 'prefect.flow_runs',
  level: 20,
  message,
  timestamp: START,
  flow_run_id: null,
  task_run_id: null,
  ...more,
})

describe('/logs/out', () => {
  let server: WebsocketTest
  beforeEach(async () => {
    server = await createWebsocketTest('sqlite')
  })
  afterEach(() => server.close())

  const store = (...lines: ReturnType<typeof line>[]) =>
    server.context.database.write((session) => createLogs(session, lines, server.context))

  test('the lines that match come as they are stored, none from before', async () => {
    await store(line('before', { flow_run_id: FLOW_RUN }))
    const client = await server.connect('/logs/out').authenticated()
    client.send({ type: 'filter', filter: { flow_run_id: { any_: [FLOW_RUN] } } })
    await client.pinged()
    const [, row] = await store(line('of no run'), line('told', { flow_run_id: FLOW_RUN }))
    expect(await client.next()).toEqual({
      type: 'log',
      log: {
        id: row?.id,
        created: expect.stringMatching(/^2026-01-01T00:00:00\.\d{6}Z$/),
        updated: expect.any(String),
        name: 'prefect.flow_runs',
        level: 20,
        message: 'told',
        timestamp: '2026-01-01T00:00:00Z',
        flow_run_id: FLOW_RUN,
        task_run_id: null,
      },
    })
  })

  test.each(['{"type":"x"}', '{"type":"filter","filter":{"x":1}}'])('%s closes the socket', async (frame) => {
    const client = await server.connect('/logs/out').authenticated()
    client.send(frame)
    expect((await client.closed()).code).toBe(1002)
  })

  test.each([
    [{}],
    [{ level: { ge_: 30 } }],
    [{ level: { ge_: 10, le_: 20 } }],
    [{ timestamp: { after_: '2026-01-01T00:00:00.000002Z' } }],
    [{ timestamp: { before_: '2026-01-01T00:00:00.000002Z' } }],
    [{ flow_run_id: { any_: [FLOW_RUN] } }],
    [{ flow_run_id: { any_: [] } }],
    [{ task_run_id: { is_null_: true } }],
    [{ task_run_id: { is_null_: false } }],
    [{ task_run_id: { any_: [TASK_RUN] }, level: { ge_: 40 } }],
    [{ operator: 'or_', task_run_id: { any_: [TASK_RUN] }, level: { ge_: 40 } }],
    [{ operator: 'or_', level: {}, flow_run_id: { any_: [FLOW_RUN] } }],
    [{ text: { query: 'alpha -beta' } }],
    [{ operator: 'or_', text: { query: '+alpha -beta' } }],
    [{ operator: 'or_', text: { query: ' ' }, level: { ge_: 40 } }],
  ])('the filter %j is the same in memory as in the database', async (filter) => {
    const texts = ['alpha', 'Alpha beta', 'beta', 'gamma']
    await store(
      ...Array.from({ length: 32 }, (_, index) =>
        line(texts[index % 4] as string, {
          level: 10 * (1 + (index % 5)),
          timestamp: START + (index % 4),
          flow_run_id: index % 2 ? FLOW_RUN : null,
          task_run_id: index % 3 ? TASK_RUN : null,
        }),
      ),
    )
    const parsed = LogFilter.parse(filter)
    const read = (logFilter: LogFilter) =>
      server.context.database.read((session) => readLogs(session, { logFilter, limit: 200 }))
    const all = await read(LogFilter.parse({}))
    expect(all.filter(logMatcher(parsed))).toEqual(await read(parsed))
    expect(all).toHaveLength(32)
  })
})
