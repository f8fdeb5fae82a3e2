import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CancelledRun, TimeoutError } from '../src/engine/errors.ts'
import { flow } from '../src/flow.ts'
import { runContext } from '../src/run-context.ts'
import { task } from '../src/task.ts'
import { sharedServer } from './helpers/shared-server.ts'

const withServer = sharedServer()

/** A site that never answers, and tells when a visitor came and went. */
async function silentSite() {
  const come = Promise.withResolvers<void>()
  const gone = Promise.withResolvers<void>()
  const site = createServer((request) => {
    come.resolve()
    request.on('close', gone.resolve)
    request.socket.on('close', gone.resolve)
  })
  await once(site.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void site.close())
  return {
    url: `http://127.0.0.1:${(site.address() as AddressInfo).port}`,
    come: come.promise,
    gone: gone.promise,
  }
}

const visit = task(
  (url: string) => fetch(url, { signal: runContext().signal }).then((answer) => answer.text()),
  {
    name: 'visit',
  },
)

describe('a request on its way', () => {
  test('ends when its task takes too long', () =>
    withServer(async () => {
      const site = await silentSite()
      const late = visit.withOptions({ timeoutSeconds: 0.2 })
      await expect(flow(() => late(site.url), { name: 'visits' })()).rejects.toThrow(TimeoutError)
      await site.gone
    }))

  test('ends when the flow around it takes too long', () =>
    withServer(async () => {
      const site = await silentSite()
      const visits = flow(() => visit(site.url), { name: 'visits', timeoutSeconds: 0.3 })
      await expect(visits()).rejects.toThrow(TimeoutError)
      await site.gone
    }))

  test('ends when the flow run is cancelled, in a subflow too', () =>
    withServer(
      async ({ client }) => {
        const site = await silentSite()
        const inner = flow(() => visit(site.url), { name: 'inner' })
        const run = flow(() => inner(), { name: 'outer' }).submit()
        await site.come
        const state = { type: 'CANCELLING' as const }
        await client.setFlowRunState({ params: { id: await run.runId }, body: { state } })
        await expect(run).rejects.toThrow(CancelledRun)
        await site.gone
      },
      { REEVE_CANCEL_POLL_SECONDS: '0.1' },
    ))
})
