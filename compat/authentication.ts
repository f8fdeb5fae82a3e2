import { startClient } from './client-process.ts'
import { compareScenario } from './compare-scenario.ts'
import type { Generation } from './generation.ts'
import { Rest } from './rest.ts'

/** What the server of the authentication row is started with. */
export const AUTH_STRING = 'compat:a secret'

/**
 * Runs the `events` program with credentials and expects the recording of the open server, then asks without
 * credentials and expects a refusal. A 2.20 client knows no auth string: it sends its API key as a bearer token.
 */
export async function compareAuthentication(generation: Generation, apiUrl: string): Promise<string[]> {
  const isTwo = generation.version.startsWith('2.')
  const authorization = `Basic ${Buffer.from(AUTH_STRING).toString('base64')}`
  const client = await startClient(generation, apiUrl, {
    [isTwo ? 'PREFECT_API_KEY' : 'PREFECT_API_AUTH_STRING']: AUTH_STRING,
  })
  try {
    const rest = new Rest(apiUrl, { ...generation.headers, authorization })
    const found = await compareScenario(client, rest, generation, { name: 'events' })
    return [...found, ...(await acceptedWithout(apiUrl))]
  } finally {
    await client.stop()
  }
}

async function acceptedWithout(apiUrl: string): Promise<string[]> {
  const found = []
  const wrong = `Basic ${Buffer.from('compat:wrong').toString('base64')}`
  const attempts: Record<string, string>[] = [{}, { authorization: wrong }]
  for (const headers of attempts) {
    const { status } = await new Rest(apiUrl, headers).send('POST', '/flows/filter', {})
    if (status !== 401) {
      found.push(`without the right credentials: recorded 401, found ${status}`)
    }
  }
  return found
}
