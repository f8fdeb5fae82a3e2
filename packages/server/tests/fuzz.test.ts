import { openApiDocument } from '@reeve/schemas/openapi'
import { ROUTES } from '@reeve/schemas/routes/all'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ENDPOINTS } from '../src/api/endpoints.ts'
import type { Session } from '../src/database/session.ts'
import { answerFault } from './fuzz/answer-faults.ts'
import type { FuzzAnswer } from './fuzz/answer-faults.ts'
import { Requests } from './fuzz/requests.ts'
import type { FuzzRequest } from './fuzz/requests.ts'
import { Values } from './fuzz/values.ts'
import type { Schema } from './fuzz/values.ts'
import { Chance } from './helpers/chance.ts'
import { newestStateFaults, readHistories } from './helpers/run-invariants.ts'
import { createTestServer } from './helpers/test-server.ts'
import type { TestServer } from './helpers/test-server.ts'

/** `REEVE_SEED` sends the requests of one run again. */
const SEED = Number(process.env['REEVE_SEED'] ?? Date.now() % 1_000_000_000)
/** `REEVE_FUZZ_REQUESTS` sends more than a run of all tests has time for: 50000 takes minutes. */
const GIVEN = process.env['REEVE_FUZZ_REQUESTS']
const AT_ONCE = 10
/** On a machine that is busy with other things. */
const LONGEST_PER_REQUEST_MS = 200
const LONGEST_ANSWER_MS = 20_000

async function answerOf({ app }: TestServer, request: FuzzRequest): Promise<FuzzAnswer> {
  const { method, url, headers, payload } = request
  const injected = app.inject({
    method: method as 'GET',
    url,
    headers,
    ...(payload === undefined ? {} : { payload }),
  })
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`No answer to ${method} ${url}`)), LONGEST_ANSWER_MS)
  const answer = await Promise.race([injected, late]).finally(() => clearTimeout(timer))
  return { status: answer.statusCode, type: String(answer.headers['content-type'] ?? ''), text: answer.body }
}

/** Runs whose row and history disagree, and, on SQLite, rows that point nowhere (PostgreSQL lets none be). */
async function storedFaults(session: Session): Promise<string[]> {
  const histories = [
    ...(await readHistories(session, 'task_run')).values(),
    ...(await readHistories(session, 'flow_run')).values(),
  ]
  const faults = histories.flatMap((history) =>
    newestStateFaults(history).map((fault) => `run ${history.run.id}: ${fault}`),
  )
  if (session.dialect === 'postgres') return faults
  const dangling = await session.execute({ sql: 'pragma foreign_key_check', parameters: [] })
  return [...faults, ...dangling.rows.map((row) => `dangling: ${JSON.stringify(row)}`)]
}

describe.each([
  ['sqlite', Number(GIVEN ?? 10_000)],
  ['postgres', Number(GIVEN ?? 1_500)],
] as const)('on %s', (dialect, count) => {
  test(
    `${count} requests made from the routes get answers of the contract`,
    { timeout: count * LONGEST_PER_REQUEST_MS },
    async () => {
      const server = await createTestServer(dialect)
      onTestFinished(() => server.close())
      const document = openApiDocument(ROUTES, { title: 'fuzz', version: '1' })
      const random = new Chance(SEED)
      const values = new Values(random, document.components.schemas as { [name: string]: Schema })
      const routes = ENDPOINTS.map(({ route }) => route)
      const requests = new Requests(random, values, routes, document)
      const faults = new Map<string, string>()
      const statuses = new Map<number, number>()
      const asked = new Set<string>()
      for (let sent = 0; sent < count; sent += AT_ONCE) {
        const batch = Array.from({ length: AT_ONCE }, () => requests.next())
        const answers = await Promise.all(batch.map((request) => answerOf(server, request)))
        for (const [index, answer] of answers.entries()) {
          const request = batch[index] as FuzzRequest
          asked.add(request.route.id)
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
          const fault = answerFault(request, answer)
          if (fault !== undefined)
            faults.set(`${request.route.id} ${answer.status}`, told(request, answer, fault))
          if (answer.status === 200 || answer.status === 201)
            values.learn(request.route.tag, parsed(answer.text))
        }
      }
      console.log(`${dialect}: seed ${SEED}, answers by status:`, Object.fromEntries([...statuses].sort()))
      expect([...faults.values()]).toEqual([])
      expect(routes.filter(({ id }) => !asked.has(id))).toEqual([])
      expect((await server.call('GET', '/health')).status).toBe(200)
      expect(await server.context.database.read(storedFaults)).toEqual([])
    },
  )
})

function told({ method, url, payload }: FuzzRequest, { text }: FuzzAnswer, fault: string): string {
  return `${method} ${url.slice(0, 200)} ${payload?.slice(0, 600) ?? ''}\n  -> ${fault}\n  ${text.slice(0, 300)}`
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
