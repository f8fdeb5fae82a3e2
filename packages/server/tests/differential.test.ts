import { describe, expect, test } from 'vitest'
import type { Send } from '../../../compat/differential/execute.ts'
import { readRecordings } from '../../../compat/differential/recording.ts'
import { replay } from '../../../compat/differential/replay.ts'
import { requireGeneration } from '../../../compat/generation.ts'
import { DIALECTS } from './helpers/databases.ts'
import { createTestServer } from './helpers/test-server.ts'
import type { TestServer } from './helpers/test-server.ts'

const SECONDS_BETWEEN_REQUESTS = 0.01

// As the client of compat/rest.ts reads it: whatever is JSON is read as JSON.
function read(body: unknown): unknown {
  if (typeof body !== 'string') return body ?? null
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

function sendTo(server: TestServer, version: string): Send {
  const { headers } = requireGeneration(version)
  return async (method, path, body) => {
    const answer = await server.call(
      method,
      path,
      body === undefined ? undefined : JSON.stringify(body),
      headers,
    )
    return { status: answer.status, body: read(answer.body) }
  }
}

describe.each(DIALECTS)('on %s', (dialect) => {
  test(
    'every recorded sequence is answered as the real server answered it',
    { timeout: 300_000 },
    async () => {
      const server = await createTestServer(dialect)
      try {
        const found: unknown[] = []
        const recordings = readRecordings()
        expect(recordings.length).toBeGreaterThan(50)
        for (const recording of recordings) {
          const difference = await replay(recording, sendTo(server, recording.version), {
            now: server.clock.now() / 1000,
            tick: () => server.clock.advance(SECONDS_BETWEEN_REQUESTS),
          })
          if (difference) {
            const { index, operation, lines } = difference
            found.push({ version: recording.version, seed: recording.seed, index, operation, lines })
          }
        }
        expect(found).toEqual([])
      } finally {
        await server.close()
      }
    },
  )
})
