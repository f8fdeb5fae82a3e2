import { ROUTES } from '@reeve/schemas/routes/all'
import { expect, test } from 'vitest'
import { createClient } from './client.ts'
import { allRoutes } from './routes.ts'

test('the client has a method for every operation of the API', () => {
  const client = createClient(allRoutes, { url: 'http://server.invalid/api' })
  const missing = ROUTES.filter(({ id }) => typeof client[id as keyof typeof client] !== 'function')
  expect(missing.map(({ id }) => id)).toEqual([])
})

test('a method and call() send what the route says', async () => {
  const sent: string[] = []
  const fetch = async (url: unknown, init?: RequestInit) => {
    sent.push(`${init?.method} ${String(url)}${typeof init?.body === 'string' ? ` ${init.body}` : ''}`)
    return Response.json('text', { headers: { 'content-type': 'text/plain' } })
  }
  const client = createClient(allRoutes, {
    url: 'http://server.invalid/api',
    fetch: fetch as typeof globalThis.fetch,
  })
  const id = '5b1d4c2e-0000-4000-8000-000000000000'
  await client.readFlowRunStates({ query: { flow_run_id: id } })
  const raw = await client.call(allRoutes.readFlowRunInput, { params: { id, key: 'a' } })
  expect(sent).toEqual([
    `GET http://server.invalid/api/flow_run_states/?flow_run_id=${id}`,
    `GET http://server.invalid/api/flow_runs/${id}/input/a`,
  ])
  expect(raw).toBe('"text"')
})
