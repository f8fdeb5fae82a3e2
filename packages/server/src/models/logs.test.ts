import { LogFilter } from '@reeve/schemas/filters/log-filter'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../tests/helpers/databases.ts'
import { createTestContext, START } from '../../tests/helpers/test-context.ts'
import type { TestContext } from '../../tests/helpers/test-context.ts'
import { matchesTextQuery, parseTextQuery } from './filters/text-query.ts'
import { createLogs, readLogs } from './logs.ts'
import type { LogRow } from './logs.ts'

const IDS = ['11111111-0000-4000-8000-000000000000', '22222222-0000-4000-8000-000000000000']
const WORDS = ['error', 'Error', '100%', 'under_score', 'db', '"quoted"', 'a phrase']

const lines = Array.from({ length: 48 }, (_, index) => ({
  name: index % 2 === 0 ? 'prefect.flow_runs' : 'my.logger',
  level: (index % 5) * 10,
  message: `${WORDS[index % 7]} ${WORDS[(index * 3) % 7]}`,
  timestamp: START + (index % 6) * 1_000_000,
  flow_run_id: index % 3 === 0 ? null : (IDS[index % 2] as string),
  task_run_id: index % 4 === 0 ? (IDS[index % 3] ?? null) : null,
}))

interface Given {
  operator?: 'and_' | 'or_'
  level?: { ge_?: number; le_?: number }
  timestamp?: { before_?: string; after_?: string }
  flow_run_id?: { any_: string[] }
  task_run_id?: { any_?: string[]; is_null_?: boolean }
  text?: { query: string }
}

function matches(log: LogRow, given: Given): boolean {
  const { level, timestamp, flow_run_id, task_run_id, text } = given
  const micros = (time: string) => Date.parse(time) * 1000
  const criteria: boolean[] = []
  if (level) criteria.push(log.level >= (level.ge_ ?? -1) && log.level <= (level.le_ ?? 99))
  if (timestamp) {
    const late = timestamp.after_ === undefined || log.timestamp >= micros(timestamp.after_)
    criteria.push(late && (timestamp.before_ === undefined || log.timestamp <= micros(timestamp.before_)))
  }
  if (flow_run_id) criteria.push(flow_run_id.any_.includes(log.flow_run_id ?? ''))
  if (task_run_id) {
    const listed = !task_run_id.any_ || task_run_id.any_.includes(log.task_run_id ?? '')
    const { is_null_ } = task_run_id
    criteria.push(listed && (is_null_ === undefined || (log.task_run_id === null) === is_null_))
  }
  if (text?.query.trim())
    criteria.push(matchesTextQuery(`${log.message} ${log.name}`, parseTextQuery(text.query)))
  if (criteria.length === 0) return true
  return given.operator === 'or_' ? criteria.some(Boolean) : criteria.every(Boolean)
}

const few = fc.subarray(IDS)
const time = fc.constantFrom(0, 2, 5).map((second) => new Date(START / 1000 + second * 1000).toISOString())
const level = fc.constantFrom(0, 20, 40)
const word = fc.constantFrom('error', '-error', '+db', '%', '_', '"a phrase"', '!flow', 'LOGGER', '-100%')
// Under `or_` the groups of words are apart, which the oracle does not say; so there the search has one word.
const given = fc.oneof(
  fc.record({ text: fc.record({ query: fc.array(word, { maxLength: 3 }).map((words) => words.join(' ')) }) }),
  fc.record(
    {
      operator: fc.constantFrom('and_' as const, 'or_' as const),
      level: fc.record({ ge_: level, le_: level }, { requiredKeys: [] }),
      timestamp: fc.record({ before_: time, after_: time }, { requiredKeys: [] }),
      flow_run_id: fc.record({ any_: few }),
      task_run_id: fc.record({ any_: few, is_null_: fc.boolean() }, { requiredKeys: [] }),
      text: fc.record({ query: word }),
    },
    { requiredKeys: [] },
  ),
)

describe.each(DIALECTS)('logs on %s', (dialect) => {
  let server: TestContext
  let stored: LogRow[]
  beforeAll(async () => {
    server = await createTestContext(dialect)
    const { context } = server
    stored = await context.database.write((session) => createLogs(session, lines, context))
  })
  afterAll(() => server.close())

  const read = (query: Parameters<typeof readLogs>[1]) =>
    server.context.database.read((session) => readLogs(session, query))

  test('any filter finds exactly the lines that meet it, oldest first', async () => {
    const order = [...stored].sort((a, b) => a.timestamp - b.timestamp || (a.id < b.id ? -1 : 1))
    await fc.assert(
      fc.asyncProperty(given, async (filter) => {
        const found = await read({ logFilter: LogFilter.parse(filter), limit: 100 })
        expect(found.map(({ id }) => id)).toEqual(
          order.filter((log) => matches(log, filter as Given)).map(({ id }) => id),
        )
      }),
      { numRuns: 300 },
    )
  })

  test('lines are also read newest first', async () => {
    const newest = await read({ sort: 'TIMESTAMP_DESC', limit: 100 })
    const oldest = await read({ limit: 100 })
    expect(newest).toEqual(oldest.reverse())
  })

  test('reading on from each last line gives every line once', async () => {
    const pages: LogRow[] = []
    for (let after: LogRow | undefined; pages.length < lines.length; after = pages.at(-1)) {
      pages.push(...(await read({ limit: 7, after })))
    }
    expect(pages).toEqual(await read({ limit: 100 }))
  })

  test('the bus hears of a line once it is stored, and of none that was not', async () => {
    const { context } = server
    const heard: string[] = []
    const stop = context.bus.subscribe('log', (log) => heard.push(log.message))
    const line = { ...(lines[0] as (typeof lines)[number]), message: 'stored' }
    await context.database.write((session) => createLogs(session, [line], context))
    await context.database
      .write(async (session) => {
        await createLogs(session, [{ ...line, message: 'undone' }], context)
        throw new Error('stop')
      })
      .catch(() => {})
    stop()
    expect(heard).toEqual(['stored'])
  })
})
