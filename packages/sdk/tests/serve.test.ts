import { once } from 'node:events'
import { hostname } from 'node:os'
import { describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { CancelledRun } from '../src/engine/errors.ts'
import { flow } from '../src/flow.ts'
import { MissingResultError } from '../src/results/kept-result.ts'
import type { Deployment } from '../src/deployments/deployment.ts'
import { runDeployment } from '../src/deployments/run-deployment.ts'
import { serve, type ServeOptions } from '../src/deployments/serve.ts'
import { runContext } from '../src/run-context.ts'
import { task } from '../src/task.ts'
import type { ReeveClient } from '../src/with-server.ts'
import { isReeve, many, sharedServer, SOON } from './helpers/shared-server.ts'

const withServer = sharedServer()
const unique = (name: string) => `${name}-${crypto.randomUUID().slice(0, 8)}`

/** Serves the deployments while `fn` runs. */
async function served<T>(deployments: Deployment[], fn: () => Promise<T>, options: ServeOptions = {}) {
  const end = new AbortController()
  const ready = Promise.withResolvers<void>()
  const serving = serve(deployments, { onReady: ready.resolve, ...options, signal: end.signal })
  try {
    await Promise.race([ready.promise, serving])
    return await Promise.race([fn(), serving.then(() => Promise.reject(new Error('serving ended')))])
  } finally {
    end.abort()
    await serving.catch(() => {})
  }
}

async function history(client: ReeveClient, id: string): Promise<string[]> {
  const states = await client.readFlowRunStates({ query: { flow_run_id: id } })
  return states.map(({ name }) => name)
}

describe('serve()', () => {
  test('carries out runs that anybody asks for, and gives their results', () =>
    withServer(async ({ client }) => {
      const add = flow(async ({ a, b = 1 }: { a: number; b?: number }) => a + b, {
        name: unique('add'),
        tags: ['of-flow'],
        version: '7',
      })
      const deployment = add.deployment('main', { parameters: { b: 10 }, tags: ['of-deployment'] })
      await served([deployment], async () => {
        const run = await runDeployment<typeof add>(`${add.flowName}/main`, {
          parameters: { a: 1 },
          runName: 'one and ten',
          tags: ['of-run'],
        })
        expect(await run.result(SOON)).toBe(11)
        expect(await history(client, run.id)).toEqual(['Scheduled', 'Pending', 'Running', 'Completed'])
        const seen = await client.readFlowRun({ params: { id: run.id } })
        expect(seen).toMatchObject({ name: 'one and ten', flow_version: '7', parameters: { a: 1, b: 10 } })
        expect(seen.tags.toSorted()).toEqual(['of-deployment', 'of-flow', 'of-run'])
      })
    }))

  test('gives functions their parameters by name, and runs what was asked for before it began', () =>
    withServer(async () => {
      const join = flow((text: string, times: number) => text.repeat(times), { name: unique('join') })
      const options = { parameters: { times: 3, text: 'ab' } }
      await served([join.deployment('main')], async () => {})
      const run = await runDeployment<typeof join>(`${join.flowName}/main`, options)
      await served([join.deployment('main')], async () => expect(await run.result(SOON)).toBe('ababab'))
    }))

  test('publishes the schema of the parameters, by which the server refuses others', () =>
    withServer(async ({ client }) => {
      const parameters = z.object({ table: z.string(), rows: z.number().default(5) })
      const load = flow(async ({ table, rows }) => `${table}:${rows}`, { name: unique('load'), parameters })
      const name = `${load.flowName}/main` as const
      await served([load.deployment('main')], async () => {
        const params = { flow_name: load.flowName, deployment_name: 'main' }
        const { parameter_openapi_schema } = await client.readDeploymentByName({ params })
        expect(parameter_openapi_schema).toMatchObject({ properties: { table: { type: 'string' } } })
        await expect(runDeployment(name, { parameters: { table: 1 } })).rejects.toThrow(/409/)
        const run = await runDeployment<typeof load>(name, { parameters: { table: 'orders' } })
        expect(await run.result(SOON)).toBe('orders:5')
      })
    }))

  test('runs at most as many at once as its limit says', () =>
    withServer(async () => {
      let now = 0
      let most = 0
      const busy = flow(
        async () => {
          most = Math.max(most, ++now)
          await new Promise((resolve) => setTimeout(resolve, 30))
          now--
        },
        { name: unique('busy') },
      )
      await served(
        [busy.deployment('main')],
        async () => {
          const runs = await Promise.all(
            Array.from({ length: 6 }, () => runDeployment(`${busy.flowName}/main`)),
          )
          for (const run of runs) expect((await run.state(SOON)).name).toBe('Completed')
        },
        { limit: 2 },
      )
      expect(most).toBeLessThanOrEqual(2)
    }))

  test('leaves each run to one of several processes', () =>
    withServer(async () => {
      const began: string[] = []
      const once = flow(() => void began.push(runContext().flowRun!.id), { name: unique('once') })
      const two = () => once.deployment('main')
      await served([two()], () =>
        served([two()], async () => {
          const runs = await Promise.all(
            Array.from({ length: 8 }, () => runDeployment(`${once.flowName}/main`)),
          )
          for (const run of runs) expect((await run.state(SOON)).name).toBe('Completed')
          expect(began.toSorted()).toEqual(runs.map(({ id }) => id).toSorted())
        }),
      )
    }))

  test('leaves a run to the machine that has it, until somebody schedules it anew', () =>
    withServer(async ({ client }) => {
      const carried: string[] = []
      const moved = flow(() => void carried.push(runContext().flowRun!.id), { name: unique('moved') })
      const name = `${moved.flowName}/main` as const
      await served([moved.deployment('main')], async () => {})
      const [lost, other] = [await runDeployment(name), await runDeployment(name)]
      const params = { id: lost.id }
      const state = { type: 'PENDING', message: 'elsewhere:1:0123abcd' } as const
      await client.setFlowRunState({ params, body: { state } })
      await client.setFlowRunState({ params, body: { state: { type: 'RUNNING' } } })
      await served([moved.deployment('main')], async () => {
        expect((await other.state(SOON)).name).toBe('Completed')
        expect(carried).toEqual([other.id])
        await client.setFlowRunState({ params, body: { state: { type: 'SCHEDULED' } } })
        expect((await lost.state(SOON)).name).toBe('Completed')
      })
      expect(carried).toEqual([other.id, lost.id])
    }))

  test('takes up what an earlier process on this machine left, behind however many of other machines', () =>
    withServer(async ({ client }) => {
      const left = flow(() => 'done', { name: unique('left') })
      await served([left.deployment('main')], async () => {})
      const { id: deployment_id, flow_id } = await client.readDeploymentByName({
        params: { flow_name: left.flowName, deployment_name: 'main' },
      })
      const make = (signature: string) =>
        client.createFlowRun({
          body: { flow_id, deployment_id, state: { type: 'PENDING', message: signature } },
        })
      for (let made = 0; made < many(210); made++) await make('elsewhere:1:0123abcd')
      const { id } = await make(`${hostname()}:${process.pid}:00000000`)
      await served([left.deployment('main')], () =>
        vi.waitFor(
          async () => {
            const { state_type } = await client.readFlowRun({ params: { id } })
            expect(state_type).toBe('COMPLETED')
          },
          { timeout: SOON.timeoutSeconds * 1000 },
        ),
      )
    }))

  test('reports failures, with the retries of the flow', () =>
    withServer(async ({ client }) => {
      const broken = flow(() => Promise.reject(new RangeError('too far')), {
        name: unique('broken'),
        retries: 1,
      })
      await served([broken.deployment('main')], async () => {
        const run = await runDeployment(`${broken.flowName}/main`)
        await expect(run.result(SOON)).rejects.toThrow('too far')
        expect((await history(client, run.id)).slice(-3)).toEqual(['AwaitingRetry', 'Running', 'Failed'])
      })
    }))

  test('stops a run that is cancelled', () =>
    withServer(
      async ({ client }) => {
        const begun = Promise.withResolvers<void>()
        const reason = Promise.withResolvers<unknown>()
        const endless = flow(
          async () => {
            const { signal } = runContext()
            begun.resolve()
            await once(signal, 'abort')
            reason.resolve(signal.reason)
          },
          { name: unique('endless') },
        )
        await served([endless.deployment('main')], async () => {
          const run = await runDeployment(`${endless.flowName}/main`)
          await begun.promise
          await run.cancel()
          expect((await run.state(SOON)).type).toBe('CANCELLED')
          expect(await reason.promise).toBeInstanceOf(CancelledRun)
          expect((await client.readFlowRun({ params: { id: run.id } })).state_name).toBe('Cancelled')
        })
      },
      { REEVE_CANCEL_POLL_SECONDS: '0.1' },
    ))

  test('told to stop, it takes no more, and reports runs that do not end in time', () =>
    withServer(
      async ({ client }) => {
        const begun = Promise.withResolvers<void>()
        const stuck = flow(() => (begun.resolve(), new Promise(() => {})), { name: unique('stuck') })
        const name = `${stuck.flowName}/main` as const
        const ids: string[] = []
        await served(
          [stuck.deployment('main')],
          async () => {
            ids.push((await runDeployment(name)).id, (await runDeployment(name)).id)
            await begun.promise
          },
          { limit: 1, graceSeconds: 0.05 },
        )
        const [first, second] = await Promise.all(ids.map((id) => client.readFlowRun({ params: { id } })))
        const states = [first!.state_type, second!.state_type].toSorted()
        expect(states).toEqual(['CRASHED', 'SCHEDULED'])
      },
      { REEVE_CANCEL_GRACE_SECONDS: '0.05' },
    ))

  test('schedules are kept, and paused when serving ends; a server that takes none is said so', () =>
    withServer(async ({ client }) => {
      const nightly = flow(() => {}, { name: unique('nightly') })
      const options = { schedules: [{ cron: '0 0 * * *' }], parameters: { day: 1 }, tags: ['night'] }
      const read = () =>
        client.readDeploymentByName({ params: { flow_name: nightly.flowName, deployment_name: 'main' } })
      if (isReeve) {
        await expect(nightly.serve('main', options)).rejects.toThrow(
          /does not take the schedules of deployment 'nightly-.*\/main'.*runDeployment/s,
        )
        await expect(read()).rejects.toThrow(/404/)
        return
      }
      const schedules = [{ active: true, schedule: { cron: '0 0 * * *', timezone: 'UTC' } }]
      const kept = { schedules, parameters: { day: 1 }, tags: ['night'] }
      await served([nightly.deployment('main', options)], async () =>
        expect(await read()).toMatchObject({ ...kept, paused: false }),
      )
      expect(await read()).toMatchObject({ ...kept, paused: true })
    }))

  test('refuses two deployments of one name, and names that the server would not take', async () => {
    const some = flow(() => {}, { name: 'some' })
    await expect(serve([some.deployment('a'), some.deployment('a')])).rejects.toThrow(/'some\/a'/)
    expect(() => some.deployment('a/b')).toThrow(/'a\/b'/)
  })
})

describe('runDeployment()', () => {
  test('says which deployment is not there', () =>
    withServer(async () => {
      await expect(runDeployment('none/such')).rejects.toThrow(/no deployment 'none\/such'/)
    }))

  test('in a flow makes a subflow, and the same one when the flow is carried out again', () =>
    withServer(async ({ client }) => {
      const child = flow(({ n }: { n: number }) => n * 2, { name: unique('child') })
      const five = task(() => 5, { name: 'five' })
      let fails = true
      const runs: string[] = []
      const parent = flow(
        async () => {
          const run = await runDeployment<typeof child>(`${child.flowName}/main`, {
            parameters: { n: five.submit() as never },
          })
          runs.push(run.id)
          const result = await run.result(SOON)
          if (fails) throw new Error('a crash')
          return result
        },
        { name: unique('parent') },
      )
      await served([child.deployment('main')], async () => {
        const first = parent.submit()
        await expect(first.result()).rejects.toThrow('a crash')
        fails = false
        expect(await parent.resume(await first.runId)).toBe(10)
        expect(runs[1]).toBe(runs[0])
        const { parent_task_run_id } = await client.readFlowRun({ params: { id: runs[0]! } })
        const tracking = await client.readTaskRun({ params: { id: parent_task_run_id! } })
        expect(tracking).toMatchObject({ flow_run_id: await first.runId, state_type: 'COMPLETED' })
        expect(tracking.task_inputs.n).toHaveLength(1)
      })
    }))

  test('with one key makes one run', () =>
    withServer(async () => {
      const quiet = flow(() => {}, { name: unique('quiet'), persistResult: false })
      await served([quiet.deployment('main')], async () => {
        const ask = () => runDeployment(`${quiet.flowName}/main`, { idempotencyKey: 'k' })
        const [one, two] = [await ask(), await ask()]
        expect(two.id).toBe(one.id)
        await expect(one.result(SOON)).rejects.toThrow(MissingResultError)
      })
    }))
})
