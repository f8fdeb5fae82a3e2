import { expect, test } from 'vitest'
import { flow } from '../src/flow.ts'
import { withTestServer } from '../src/testing.ts'

test('withTestServer gives every call a server of its own, and nothing stays behind', async () => {
  const greet = flow((name: string) => `hello ${name}`, { name: 'greet' })
  const urls: string[] = []
  for (let i = 0; i < 2; i++) {
    await withTestServer(async ({ client, apiUrl }) => {
      urls.push(apiUrl)
      expect(await greet('you')).toBe('hello you')
      expect(await client.countFlowRuns()).toBe(1)
    })
  }
  for (const url of urls) await expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed')
})
