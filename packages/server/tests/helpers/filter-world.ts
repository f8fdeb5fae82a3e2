import { insertRows } from '../../src/database/bulk.ts'
import type { Database } from '../../src/database/database.ts'
import type { Row } from '../../src/database/tables.ts'
import { filledRow, flowRow, flowRunRow, taskRunRow } from './run-rows.ts'
import { seededRandom, START } from './test-context.ts'

/** Few values, so that random filters often hit. */
export const VOCABULARY = {
  unknownId: 'ffffffff-0000-4000-8000-000000000000',
  names: ['alpha', 'Alphabet', 'b_ta', 'beta', '100%', 'gamma ray', 'Café'],
  patterns: ['', 'alp', 'ALPHA', 'b_t', '%', '_', 'a%t', 'y', '\\', 'fé', 'c_f'],
  tags: ['red', 'Red', 'green', '%', '","', 'a "b" \\'],
  stateTypes: ['SCHEDULED', 'RUNNING', 'COMPLETED', 'FAILED'],
  stateNames: ['Late', 'Running', 'Completed', 'Failed'],
  instants: [0, 1, 2, 3].map((hour) => START + hour * 3_600_000_000),
  makers: ['11111111-0000-4000-8000-000000000000', '22222222-0000-4000-8000-000000000000'],
  makerTypes: ['SCHEDULE', 'AUTOMATION'],
}

export interface World {
  flow: Row<'flow'>[]
  work_pool: Row<'work_pool'>[]
  work_queue: Row<'work_queue'>[]
  deployment: Row<'deployment'>[]
  flow_run: Row<'flow_run'>[]
  task_run: Row<'task_run'>[]
}

/** The same rows each time, with every kind of absence among them. */
export function makeWorld(): World {
  const random = seededRandom(7)
  const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)] as T
  const maybe = <T>(items: readonly T[]) => (random() < 0.3 ? null : pick(items))
  const tags = () => (random() < 0.3 ? [] : [pick(VOCABULARY.tags), pick(VOCABULARY.tags)])
  const many = <T>(count: number, make: () => T) => Array.from({ length: count }, make)

  const flow = VOCABULARY.names.map((name) => flowRow({ name, tags: tags() }))
  const work_pool = many(2, () => filledRow('work_pool', { type: pick(VOCABULARY.names) }))
  for (const [index, pool] of work_pool.entries()) pool.name = VOCABULARY.names[index] as string
  const work_queue = work_pool.flatMap(({ id }) =>
    VOCABULARY.names.slice(0, 3).map((name) => filledRow('work_queue', { name, work_pool_id: id })),
  )
  const deployment = flow.slice(0, 4).flatMap(({ id }) =>
    VOCABULARY.names.slice(1, 4).map((name) =>
      filledRow('deployment', {
        name,
        flow_id: id,
        paused: random() < 0.5,
        tags: tags(),
        work_queue_id: maybe(work_queue)?.id ?? null,
        work_queue_name: maybe(VOCABULARY.names),
      }),
    ),
  )
  const times = () => ({
    state_type: maybe(VOCABULARY.stateTypes),
    state_name: maybe(VOCABULARY.stateNames),
    expected_start_time: maybe(VOCABULARY.instants),
    start_time: maybe(VOCABULARY.instants),
    end_time: maybe(VOCABULARY.instants),
    name: pick(VOCABULARY.names),
    tags: tags(),
  })
  const flow_run = many(40, () =>
    flowRunRow({
      ...times(),
      flow_id: pick(flow).id,
      deployment_id: random() < 0.1 ? VOCABULARY.unknownId : (maybe(deployment)?.id ?? null),
      work_queue_id: maybe(work_queue)?.id ?? null,
      work_queue_name: maybe(VOCABULARY.names),
      flow_version: maybe(VOCABULARY.names),
      next_scheduled_start_time: maybe(VOCABULARY.instants),
      created_by: maybe([
        { id: pick(VOCABULARY.makers), type: pick(VOCABULARY.makerTypes), display_value: 'x' },
        { id: null, type: pick(VOCABULARY.makerTypes), display_value: null },
      ]),
    }),
  )
  const keyed = new Set<string>()
  for (const run of flow_run) {
    const key = maybe(VOCABULARY.names)
    if (key !== null && !keyed.has(run.flow_id + key)) {
      run.idempotency_key = key
      keyed.add(run.flow_id + key)
    }
  }
  const task_run = many(60, () =>
    taskRunRow({ ...times(), flow_run_id: maybe(flow_run.slice(0, 6))?.id ?? null }),
  )
  for (const run of flow_run) if (random() < 0.3) run.parent_task_run_id = pick(task_run.slice(0, 6)).id
  return { flow, work_pool, work_queue, deployment, flow_run, task_run }
}

export async function storeWorld(database: Database, world: World): Promise<void> {
  await database.write(async (session) => {
    await insertRows(session, 'flow', world.flow)
    await insertRows(session, 'work_pool', world.work_pool)
    await insertRows(session, 'work_queue', world.work_queue)
    await insertRows(session, 'deployment', world.deployment)
    await insertRows(session, 'flow_run', world.flow_run)
    await insertRows(session, 'task_run', world.task_run)
  })
}
