import { type } from 'arktype'
import * as v from 'valibot'
import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { INPUTS, RUN_ID } from '../src/cache/policy.ts'
import { exponentialBackoff } from '../src/engine/delays.ts'
import type { FutureList } from '../src/engine/future-list.ts'
import type { Future } from '../src/engine/future.ts'
import type { State } from '../src/engine/state.ts'
import { unmapped } from '../src/engine/map.ts'
import { Completed, Failed } from '../src/engine/states.ts'
import { flow } from '../src/flow.ts'
import { pauseFlowRun } from '../src/pause.ts'
import { compressed } from '../src/results/compressed-serializer.ts'
import { memoryStorage } from '../src/results/memory-storage.ts'
import { task } from '../src/task.ts'
import { withTestServer } from '../src/testing.ts'
import { variable } from '../src/variables.ts'
import { wait, asCompleted } from '../src/engine/waiting.ts'
import type { Deployment } from '../src/deployments/deployment.ts'
import type { DeploymentRun } from '../src/deployments/deployment-run.ts'
import { runDeployment } from '../src/deployments/run-deployment.ts'
import { serve } from '../src/deployments/serve.ts'
import { serveTasks } from '../src/background/serve-tasks.ts'
import type { BackgroundRun } from '../src/background/background-run.ts'
import { artifact } from '../src/artifacts.ts'
import { concurrency, rateLimit } from '../src/concurrency.ts'
import { emitEvent } from '../src/events.ts'
import { receiveInput, sendInput } from '../src/inputs.ts'
import { sleep } from '../src/sleep.ts'
import { step } from '../src/step.ts'
import { tags } from '../src/tags.ts'
import { transaction } from '../src/transactions.ts'
import { type ReceivedEvent, waitForEvent } from '../src/wait-for-event.ts'

const count = task(async (text: string, times = 1) => text.length * times, { name: 'count' })
const total = task((numbers: number[]) => numbers.length, { name: 'total' })

test('a task keeps the parameters and the result of its function', () => {
  expectTypeOf(count('a')).toEqualTypeOf<Promise<number>>()
  expectTypeOf(count('a', 2)).toEqualTypeOf<Promise<number>>()
  expectTypeOf(count.submit('a')).toEqualTypeOf<Future<number>>()
  expectTypeOf(count.returnState('a')).toEqualTypeOf<Promise<State<number>>>()
  expectTypeOf(count.map(['a', 'b'], 2)).toEqualTypeOf<FutureList<number>>()
  expectTypeOf(count.fn).parameters.toEqualTypeOf<[text: string, times?: number]>()
  // @ts-expect-error a number is no text
  void count(1)
  // @ts-expect-error the text is missing
  void count()
  // @ts-expect-error elements are texts
  void count.map([1, 2])
})

test('futures stand for values, also inside of arrays', () => {
  expectTypeOf(count(count.submit('a').then(String) as unknown as Future<string>)).toEqualTypeOf<
    Promise<number>
  >()
  void total([count.submit('a'), 1])
  void total(count.map(['a', 'b']))
  void total.map([[1], [2]])
  void total.map(unmapped([1]))
  // @ts-expect-error a future of a number is no text
  void count(count.submit('a'))
  // @ts-expect-error an array would be mapped over; it needs unmapped()
  void total.map([1])
})

test('options see the types of the function', () => {
  task((a: number) => a, {
    name: 't',
    runName: (a) => `t-${a.toFixed(1)}`,
    onCompletion: (_, state) => state.result(),
  })
  count.withOptions({ runName: (text, times) => text + times?.toFixed() })
  // @ts-expect-error not an option
  count.withOptions({ retry: 3 })
})

test('returned states, futures and lists of futures give what they hold', () => {
  const maybe = task((x: number) => (x > 0 ? Completed({ data: 'yes' }) : Failed({ message: 'no' })), {
    name: 'maybe',
  })
  expectTypeOf(maybe(1)).toEqualTypeOf<Promise<string>>()
  expectTypeOf(flow(async () => count.submit('a'), { name: 'f' })()).toEqualTypeOf<Promise<number>>()
  expectTypeOf(flow(() => [count.submit('a')], { name: 'f' })()).toEqualTypeOf<Promise<number[]>>()
  expectTypeOf(flow(() => count.map(['a']), { name: 'f' })()).toEqualTypeOf<Promise<number[]>>()
})

test('futures in what a flow returns give results; a task returns what it returns', () => {
  class Report {
    #rows = 3
    get rows() {
      return this.#rows
    }
  }
  const both = flow(() => ({ one: count.submit('a'), all: count.map(['a']), at: new Date() }), { name: 'f' })
  expectTypeOf(both()).toEqualTypeOf<Promise<{ one: number; all: number[]; at: Date }>>()
  const tuple = flow(() => [count.submit('a'), 'x'] as const, { name: 'f' })
  expectTypeOf(tuple()).toEqualTypeOf<Promise<readonly [number, 'x']>>()
  expectTypeOf(flow(() => new Report(), { name: 'f' })()).toEqualTypeOf<Promise<Report>>()
  expectTypeOf(flow((): any => 1, { name: 'f' })()).toEqualTypeOf<Promise<any>>()
  expectTypeOf(flow((): unknown => 1, { name: 'f' })()).toEqualTypeOf<Promise<unknown>>()
  const started = task(() => [count.submit('a')], { name: 'started' })
  expectTypeOf(started()).toEqualTypeOf<Promise<Future<number>[]>>()
})

test('arguments keep their shape when futures are in them', () => {
  const letter = task(async (): Promise<'a' | 'b'> => 'a', { name: 'letter' })
  const pair = task(async (of: ['a' | 'b', number]) => of[1], { name: 'pair' })
  const nested = task(async (query: { by: { tables: string[]; limit?: number } }) => query, {
    name: 'nested',
  })
  const many = task(async (times: number, ...texts: string[]) => texts.length * times, { name: 'many' })
  void pair([letter.submit(), count.submit('a')])
  void nested({ by: { tables: [letter.submit(), 'b'], limit: count.submit('a') } })
  void many(count.submit('a'), 'b', letter.submit())
  // @ts-expect-error the number comes second
  void pair([1, 'a'])
  // @ts-expect-error two elements
  void pair(['a', 1, 2])
  // @ts-expect-error a number is no table
  void nested({ by: { tables: [count.submit('a')] } })
  // @ts-expect-error there is no such key
  void nested({ by: { tables: [], offset: 1 } })
  // @ts-expect-error texts, after the number
  void many(1, 2)
  // @ts-expect-error a promise is no future, and has to be awaited
  void count(Promise.resolve('a'))
})

test('a schema that takes undefined lets the parameter be left out', () => {
  const parameters = z.object({ day: z.string() }).optional()
  const daily = flow((given) => given?.day, { name: 'daily', parameters })
  expectTypeOf(daily()).toEqualTypeOf<Promise<string | undefined>>()
  void daily({ day: 'monday' })
  // @ts-expect-error a day is a text
  void daily({ day: 1 })
})

test('a schema gives the flow its parameter and its callers theirs', () => {
  const greet = flow(({ at }) => at.getTime(), {
    name: 'greet',
    parameters: z.object({ at: z.coerce.date<string>() }),
  })
  expectTypeOf(greet({ at: '2026-01-01' })).toEqualTypeOf<Promise<number>>()
  // @ts-expect-error the schema takes a text
  void greet({ at: 5 })
  // @ts-expect-error nothing is no object
  void greet()
})

test('without a schema a flow keeps its parameters', () => {
  const etl = flow(async (table: string, limit?: number) => ({ table, limit }), { name: 'etl' })
  expectTypeOf(etl('a')).toEqualTypeOf<Promise<{ table: string; limit: number | undefined }>>()
  expectTypeOf(etl.resume('id')).toEqualTypeOf<Promise<{ table: string; limit: number | undefined }>>()
})

test('valibot and arktype type parameters as zod does', () => {
  const byValibot = flow(({ at, count }) => [at.getTime(), count.toFixed()] as const, {
    name: 'by-valibot',
    parameters: v.object({
      at: v.pipe(
        v.string(),
        v.transform((text) => new Date(text)),
      ),
      count: v.optional(v.number(), 1),
    }),
  })
  expectTypeOf(byValibot({ at: '2026-01-01' })).toEqualTypeOf<Promise<readonly [number, string]>>()
  // @ts-expect-error the schema takes a text
  void byValibot({ at: new Date() })

  const byArktype = flow(({ name, tags }) => `${name} ${tags?.join()}`, {
    name: 'by-arktype',
    parameters: type({ name: 'string', 'tags?': 'string[]' }),
  })
  expectTypeOf(byArktype({ name: 'a' })).toEqualTypeOf<Promise<string>>()
  // @ts-expect-error tags are texts
  void byArktype({ name: 'a', tags: [1] })
})

test('a future is no value, and says so', () => {
  const future = count.submit('a')
  expectTypeOf<Awaited<typeof future>>().toEqualTypeOf<number>()
  expectTypeOf(future.result()).toEqualTypeOf<Promise<number>>()
  expectTypeOf(future.state()).toEqualTypeOf<Promise<State<number>>>()
  expectTypeOf(future.wait(1)).toEqualTypeOf<Promise<State<number> | undefined>>()
  expectTypeOf(future.catch(() => 'b' as const)).toEqualTypeOf<Promise<number | 'b'>>()
  // @ts-expect-error it has to be awaited
  future.toFixed()
})

test('map takes an iterable for each parameter, and awaits as a list', () => {
  const pair = task((a: number, b: { id: string }) => ({ a, b }), { name: 'pair' })
  const futures = pair.map(new Set([1, 2]), unmapped({ id: 'x' }))
  expectTypeOf<Awaited<typeof futures>>().toEqualTypeOf<{ a: number; b: { id: string } }[]>()
  expectTypeOf(futures.states()).toEqualTypeOf<Promise<State<{ a: number; b: { id: string } }>[]>>()
  void pair.map([1], [{ id: 'x' }])
  void pair.map([count.submit('a')], { id: 'x' })
  // @ts-expect-error the second parameter is missing
  void pair.map([1])
  // @ts-expect-error ids are texts
  void pair.map([1], [{ id: 1 }])
})

test('waitFor and withOptions keep the types', () => {
  const later = count.waitFor(total.submit([1])).withOptions({ retries: 1 })
  expectTypeOf(later('a')).toEqualTypeOf<Promise<number>>()
  // @ts-expect-error only runs can be waited for
  count.waitFor('a')
  // @ts-expect-error still a text
  void later(1)
})

test('options of tasks and flows are checked', () => {
  const twice = (n: number) => n * 2
  task(twice, { retryDelaySeconds: exponentialBackoff(1), cachePolicy: INPUTS.and(RUN_ID) })
  task(twice, { retryDelaySeconds: [1, 2], onFailure: [(run, state) => `${run.name} ${state.message}`] })
  task(twice, { resultStorage: memoryStorage(), resultSerializer: compressed() })
  flow(twice, { retryDelaySeconds: 5, concurrency: 3, onCompletion: (_, state) => state.result().toFixed() })
  // @ts-expect-error a text is no number of retries
  task(twice, { retries: '3' })
  // @ts-expect-error a policy is no text
  task(twice, { cachePolicy: 'INPUTS' })
  // @ts-expect-error tasks have no concurrency of their own
  task(twice, { concurrency: 3 })
  // @ts-expect-error flows are not cached
  flow(twice, { cachePolicy: INPUTS })
  // @ts-expect-error the name is made of the flow's own arguments
  flow(twice, { runName: (text: string) => text })
})

test('generic and overloaded functions are called as their last signature says', () => {
  const first = task(<T>(items: T[]) => items[0], { name: 'first' })
  expectTypeOf(first([1])).toEqualTypeOf<Promise<unknown>>()
})

test('what a pause gives is what its schema makes', () => {
  const asked = pauseFlowRun({ input: z.object({ approved: z.boolean(), by: z.string().default('me') }) })
  expectTypeOf(asked).toEqualTypeOf<Promise<{ approved: boolean; by: string }>>()
  const unasked = pauseFlowRun()
  expectTypeOf(unasked).toEqualTypeOf<Promise<undefined>>()
  const region = variable.get('region', z.enum(['eu', 'us']), { default: 'eu' })
  expectTypeOf(region).toEqualTypeOf<Promise<'eu' | 'us'>>()
  const unset = variable.get('region', z.enum(['eu', 'us']))
  expectTypeOf(unset).toEqualTypeOf<Promise<'eu' | 'us' | undefined>>()
})

test('the client takes and gives what the routes say', () =>
  withTestServer(async ({ client, advance, states }) => {
    expectTypeOf(await client.countFlowRuns()).toEqualTypeOf<number>()
    expectTypeOf((await client.filterFlowRuns({ body: {} }))[0]!.state_name).toEqualTypeOf<string | null>()
    // @ts-expect-error the id is missing
    void client.readFlowRun()
    // @ts-expect-error a date is no duration
    void advance(new Date())
    void states(count.submit('a'))
    // @ts-expect-error a number names no run
    void states(3)
  }))

test('a deployment takes the parameters of its flow, and its runs give the result', () => {
  const one = flow(async ({ table }: { table: string }) => table.length, { name: 'one' })
  const two = flow((a: number, b: string) => `${a}${b}`, { name: 'two' })
  const parameters = z.object({ at: z.string().transform((text) => new Date(text)) })
  const checked = flow(({ at }) => at.getTime(), { name: 'checked', parameters })
  expectTypeOf(one.deployment('main', { parameters: { table: 'a' } })).toEqualTypeOf<Deployment>()
  expectTypeOf(serve([one.deployment('main')], { limit: 3 })).toEqualTypeOf<Promise<void>>()
  expectTypeOf(one.serve('main', { limit: 3, tags: ['a'] })).toEqualTypeOf<Promise<void>>()
  const run = runDeployment<typeof one>('one/main', { parameters: { table: 'orders' } })
  expectTypeOf(run).toEqualTypeOf<Promise<DeploymentRun<number>>>()
  expectTypeOf<Awaited<typeof run>['result']>().returns.toEqualTypeOf<Promise<number>>()
  void runDeployment<typeof two>('two/main', { parameters: { a: 1, b: 'x' } })
  void runDeployment<typeof checked>('checked/main', { parameters: { at: '2026-01-31' } })
  void runDeployment('any/one', { parameters: { whatever: 1 } })
  // @ts-expect-error a number is no table
  one.deployment('main', { parameters: { table: 1 } })
  // @ts-expect-error there is no such parameter
  one.deployment('main', { parameters: { tables: 'a' } })
  // @ts-expect-error the table is missing
  void runDeployment<typeof one>('one/main', { parameters: {} })
  // @ts-expect-error callers give the text, not the date
  void runDeployment<typeof checked>('checked/main', { parameters: { at: new Date() } })
  // @ts-expect-error the name has a slash
  void runDeployment('one')
  // @ts-expect-error a schedule is of one kind
  one.deployment('main', { schedules: [{ cron: '* * * * *', intervalSeconds: 60 }] })
  // @ts-expect-error a flow is no deployment
  void serve([one])
})

test('background runs take the arguments and give the result of the task', () => {
  expectTypeOf(count.delay('a', 2)).toEqualTypeOf<Promise<BackgroundRun<number>>>()
  expectTypeOf(count.delayMany([['a'], ['b', 2]])).toEqualTypeOf<Promise<BackgroundRun<number>[]>>()
  void serveTasks([count, total], { concurrency: 3 })
  // @ts-expect-error a number is no text
  void count.delay(1)
  // @ts-expect-error a list of lists of arguments
  void count.delayMany(['a'])
  // @ts-expect-error concurrency is a number
  void serveTasks([count], { concurrency: '3' })
})

test('what is waited for keeps its type', async () => {
  const futures = count.map(['a'])
  expectTypeOf((await wait(futures)).done).toEqualTypeOf<Future<number>[]>()
  for await (const { state } of asCompleted(futures)) expectTypeOf(state).toEqualTypeOf<State<number>>()
  const paid = z.object({ total: z.number() })
  expectTypeOf(waitForEvent('paid', { payload: paid })).toEqualTypeOf<
    Promise<ReceivedEvent<{ total: number }>>
  >()
  expectTypeOf(waitForEvent('paid', { timeout: 5 }))
    .resolves.extract<undefined>()
    .toEqualTypeOf<undefined>()
  expectTypeOf(receiveInput(paid).value()).toEqualTypeOf<Promise<{ total: number }>>()
  expectTypeOf(sleep('1 day')).toEqualTypeOf<Promise<void>>()
  const mixed = [count.submit('a'), total.submit([1]).then(String) as unknown as Future<string>]
  expectTypeOf((await wait(mixed)).done).toEqualTypeOf<(Future<number> | Future<string>)[]>()
  for await (const { state } of asCompleted(mixed)) {
    expectTypeOf(state).toEqualTypeOf<State<number | string>>()
  }
  // @ts-expect-error futures only
  void wait([1])
  // @ts-expect-error a duration, not a date
  void sleep(new Date())
  // @ts-expect-error an id, then the value
  void sendInput({ id: 1 })
})

test('what wraps a function gives what it returns', () => {
  expectTypeOf(step('one', () => 1)).resolves.toEqualTypeOf<number>()
  expectTypeOf(tags(['a'], () => 'x')).toEqualTypeOf<string>()
  expectTypeOf(transaction(async () => 'x')).toEqualTypeOf<Promise<string>>()
  expectTypeOf(concurrency('db', async () => 'x')).toEqualTypeOf<Promise<string>>()
  expectTypeOf(rateLimit('db')).toEqualTypeOf<Promise<void>>()
  expectTypeOf(emitEvent('paid', { resource: { id: 'order.1' } })).toEqualTypeOf<string>()
  // @ts-expect-error a step has a name
  void step(() => 1)
  // @ts-expect-error the function comes last
  tags('a', () => 1)
  // @ts-expect-error an event is about a resource
  emitEvent('paid', {})
  // @ts-expect-error the slots are a number
  void concurrency('db', () => 1, { occupy: 'all' })
  // @ts-expect-error rows are objects or lists
  void artifact.table('text')
})
