import type { Client } from '@reeve/orchestration/types'
import { insertRows } from '../../src/database/bulk.ts'
import { createConcurrencyLimit } from '../../src/models/concurrency-limits.ts'
import { SERVER_CLIENT } from '../../src/models/rule-context.ts'
import { makeFlow } from '../helpers/make.ts'
import { Chance } from '../helpers/chance.ts'
import { createTestContext } from '../helpers/test-context.ts'
import type { TestContext } from '../helpers/test-context.ts'

/** Limits on the tags that task runs may have: some never bind, one forbids. */
const TAG_LIMITS = { narrow: 1, middle: 3, wide: 50, closed: 0 }
const DEPLOYMENT_LIMIT = 2
const OLD_CLIENT: Client = { generation: '2.20', version: [2, 20, 25, ''], api_version: [0, 8, 4] }

/** A server without its HTTP side, and what its simulated clients know of it. */
export interface World extends TestContext {
  readonly random: Chance
  readonly flowId: string
  readonly deploymentId: string
  readonly tags: readonly string[]
  /** Each speaks for itself: a generation of rules, and a run of its own that it likes best. */
  readonly clients: SimulatedClient[]
  taskRuns: string[]
  flowRuns: string[]
}

export interface SimulatedClient {
  client: Client
  taskRunId: string | undefined
}

/** Everything in it comes from the seed. */
export async function createWorld(seed: number, clients: number): Promise<World> {
  const test = await createTestContext('sqlite')
  const { context } = test
  const random = new Chance(seed)
  const flowId = await makeFlow(context)
  const names = Object.entries(TAG_LIMITS).map(([tag, limit]) => [`tag:${tag}`, limit] as const)
  for (const [name, limit] of [...names, ['deployment', DEPLOYMENT_LIMIT] as const]) {
    const create = { name, limit, active: true, active_slots: 0, denied_slots: 0, slot_decay_per_second: 0 }
    await context.database.write((session) => createConcurrencyLimit(session, create, context))
  }
  return {
    ...test,
    random,
    flowId,
    deploymentId: await createDeployment(test, flowId, random),
    tags: Object.keys(TAG_LIMITS),
    clients: Array.from({ length: clients }, () => ({
      client: random.in(0.1) ? OLD_CLIENT : SERVER_CLIENT,
      taskRunId: undefined,
    })),
    taskRuns: [],
    flowRuns: [],
  }
}

async function createDeployment({ context }: TestContext, flowId: string, random: Chance): Promise<string> {
  const now = context.clock.now()
  const id = context.ids.random()
  await context.database.write(async (session) => {
    const limit = await session.first(
      session.build.selectFrom('concurrency_limit').select('id').where('name', '=', 'deployment'),
    )
    const columns = {
      id,
      created: now,
      updated: now,
      name: 'deployment',
      flow_id: flowId,
      paused: false,
      enforce_parameter_schema: true,
      status: 'NOT_READY',
      concurrency_limit_id: limit?.id ?? null,
      concurrency_options: { collision_strategy: random.in(0.5) ? 'ENQUEUE' : 'CANCEL_NEW' },
    }
    await insertRows(session, 'deployment', [columns as never])
  })
  return id
}
