import { FlowFilter } from '@reeve/schemas/filters/flow-filter'
import { FlowRunFilter } from '@reeve/schemas/filters/flow-run-filter'
import { TaskRunFilter } from '@reeve/schemas/filters/task-run-filter'
import { DeploymentFilter } from '@reeve/schemas/filters/deployment-filter'
import { WorkPoolFilter } from '@reeve/schemas/filters/work-pool-filter'
import { WorkQueueFilter } from '@reeve/schemas/filters/work-queue-filter'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DIALECTS, openTestDatabase } from '../../../tests/helpers/databases.ts'
import {
  deploymentsThatMatch,
  flowRunsThatMatch,
  flowsThatMatch,
  taskRunsThatMatch,
} from '../../../tests/helpers/filter-oracle.ts'
import type { GivenFilters } from '../../../tests/helpers/filter-oracle.ts'
import {
  anyId,
  criteria,
  flag,
  idsOf,
  like,
  nameAnyOrLike,
  operator,
  some,
  span,
  spanOrNull,
  tags,
} from '../../../tests/helpers/filter-arbitraries.ts'
import { makeWorld, storeWorld, VOCABULARY as V } from '../../../tests/helpers/filter-world.ts'
import type { Database } from '../../database/database.ts'
import type { TableName } from '../../database/tables.ts'
import { deploymentMatches, flowMatches, flowRunMatches, taskRunMatches } from './run-filters.ts'
import type { RunFilters } from './run-filters.ts'

const world = makeWorld()

const ids = (table: keyof typeof world) => idsOf(world[table])
const anyIdOf = (table: keyof typeof world) => anyId(world[table])
const idAnyOrNot = (table: keyof typeof world) => criteria({ any_: ids(table), not_any_: ids(table) })

const flows = {
  operator,
  id: idAnyOrNot('flow'),
  deployment: criteria({ operator, is_null_: flag }),
  name: nameAnyOrLike,
  tags: criteria({ operator, all_: tags, is_null_: flag }),
}

const flowRuns = {
  operator,
  id: idAnyOrNot('flow_run'),
  name: nameAnyOrLike,
  tags: criteria({ operator, all_: tags, any_: tags, is_null_: flag }),
  deployment_id: criteria({ operator, any_: ids('deployment'), is_null_: flag }),
  work_queue_name: criteria({ operator, any_: some(...V.names), is_null_: flag }),
  state: criteria({
    operator,
    type: criteria({ any_: some(...V.stateTypes), not_any_: some(...V.stateTypes) }),
    name: criteria({ any_: some(...V.stateNames), not_any_: some(...V.stateNames) }),
  }),
  flow_version: criteria({ any_: some(...V.names) }),
  start_time: spanOrNull,
  end_time: spanOrNull,
  expected_start_time: span,
  next_scheduled_start_time: span,
  parent_flow_run_id: criteria({ operator, any_: ids('flow_run') }),
  parent_task_run_id: criteria({ operator, any_: ids('task_run'), is_null_: flag }),
  idempotency_key: criteria({ any_: some(...V.names), not_any_: some(...V.names) }),
  created_by: criteria({ operator, id_: some(...V.makers), type_: some(...V.makerTypes), is_null_: flag }),
}

const taskRuns = {
  operator,
  id: anyIdOf('task_run'),
  name: nameAnyOrLike,
  tags: criteria({ operator, all_: tags, is_null_: flag }),
  state: criteria({
    operator,
    type: criteria({ any_: some(...V.stateTypes) }),
    name: criteria({ any_: some(...V.stateNames) }),
  }),
  start_time: spanOrNull,
  end_time: spanOrNull,
  expected_start_time: span,
  subflow_runs: criteria({ exists_: flag }),
  flow_run_id: criteria({ operator, any_: ids('flow_run'), is_null_: flag }),
}

const deployments = {
  operator,
  id: idAnyOrNot('deployment'),
  name: nameAnyOrLike,
  flow_or_deployment_name: criteria({ like_: like }),
  paused: criteria({ eq_: flag }),
  tags: criteria({ operator, all_: tags, any_: tags, is_null_: flag }),
  work_queue_name: criteria({ any_: some(...V.names) }),
  concurrency_limit: criteria({ ge_: fc.integer(), le_: fc.integer(), is_null_: flag }),
  is_schedule_active: criteria({ eq_: flag }),
}

const workPools = {
  operator,
  id: anyIdOf('work_pool'),
  name: criteria({ any_: some(...V.names) }),
  type: criteria({ any_: some(...V.names) }),
}

const workQueues = {
  operator,
  id: anyIdOf('work_queue'),
  name: criteria({ any_: some(...V.names), startswith_: some(...V.patterns) }),
}

const SCHEMAS = {
  flowFilter: FlowFilter,
  flowRunFilter: FlowRunFilter,
  taskRunFilter: TaskRunFilter,
  deploymentFilter: DeploymentFilter,
  workPoolFilter: WorkPoolFilter,
  workQueueFilter: WorkQueueFilter,
}

const KEYS: { [Key in keyof typeof SCHEMAS]: { [key: string]: fc.Arbitrary<unknown> } } = {
  flowFilter: flows,
  flowRunFilter: flowRuns,
  taskRunFilter: taskRuns,
  deploymentFilter: deployments,
  workPoolFilter: workPools,
  workQueueFilter: workQueues,
}

function parsed(given: { [key: string]: object }): RunFilters {
  const entries = Object.entries(given).map(([key, filter]) => [
    key,
    SCHEMAS[key as keyof typeof SCHEMAS].parse(filter),
  ])
  return Object.fromEntries(entries)
}

/** One filter with one key, or the noun's own filter, or that with others that join. */
function filtersFor(own: keyof typeof SCHEMAS, joined: (keyof typeof SCHEMAS)[]) {
  const keys = [own, own, ...joined].flatMap((filter) =>
    Object.entries(KEYS[filter]).map(([key, value]) =>
      fc.record({ [filter]: fc.record({ [key]: value }) as fc.Arbitrary<object> }),
    ),
  )
  const rest = Object.fromEntries(joined.map((key) => [key, criteria(KEYS[key])]))
  const whole = fc.oneof(
    fc.record({ [own]: criteria(KEYS[own]) }),
    fc.record(rest, { requiredKeys: [] }),
    fc.record({ ...rest, [own]: criteria(KEYS[own]) }, { requiredKeys: [] }),
  )
  return fc.oneof({ weight: 4, arbitrary: fc.oneof(...keys) }, { weight: 1, arbitrary: whole })
}

const NOUNS = [
  {
    table: 'flow',
    filters: filtersFor('flowFilter', [
      'flowRunFilter',
      'taskRunFilter',
      'deploymentFilter',
      'workPoolFilter',
    ]),
    condition: flowMatches,
    oracle: flowsThatMatch,
  },
  {
    table: 'flow_run',
    filters: filtersFor('flowRunFilter', [
      'flowFilter',
      'taskRunFilter',
      'deploymentFilter',
      'workPoolFilter',
      'workQueueFilter',
    ]),
    condition: flowRunMatches,
    oracle: flowRunsThatMatch,
  },
  {
    table: 'task_run',
    filters: filtersFor('taskRunFilter', [
      'flowFilter',
      'flowRunFilter',
      'deploymentFilter',
      'workPoolFilter',
      'workQueueFilter',
    ]),
    condition: taskRunMatches,
    oracle: taskRunsThatMatch,
  },
  {
    table: 'deployment',
    filters: filtersFor('deploymentFilter', [
      'flowFilter',
      'flowRunFilter',
      'taskRunFilter',
      'workPoolFilter',
      'workQueueFilter',
    ]),
    condition: deploymentMatches,
    oracle: deploymentsThatMatch,
  },
] as const

describe.each(DIALECTS)('filters on %s', (dialect) => {
  let database: Database
  beforeAll(async () => {
    database = await openTestDatabase(dialect)
    await storeWorld(database, world)
  })
  afterAll(() => database.close())

  async function matching(
    table: TableName,
    condition: (typeof NOUNS)[number]['condition'],
    given: RunFilters,
  ) {
    const rows = await database.read((session) =>
      session.all<{ id: string }>(
        session.build
          .selectFrom(table as 'flow')
          .select('id')
          .where(condition(session, given)),
      ),
    )
    return rows.map(({ id }) => id).sort()
  }

  test.each(NOUNS)(
    'any filter of $table finds exactly the rows that meet it',
    async ({ table, filters, condition, oracle }) => {
      await fc.assert(
        fc.asyncProperty(filters, async (given) => {
          const expected = oracle(world, given as GivenFilters)
          expect(await matching(table, condition, parsed(given as { [key: string]: object }))).toEqual(
            expected,
          )
        }),
        { numRuns: 600 },
      )
    },
  )

  test('task runs of flow runs that are named and left out at once are left out', async () => {
    const [first, second] = world.flow_run.map(({ id }) => id) as [string, string]
    const given = { flowRunFilter: { id: { any_: [first, second], not_any_: [second] } } }
    const expected = taskRunsThatMatch(world, given)
    expect(expected).not.toEqual([])
    expect(await matching('task_run', taskRunMatches, parsed(given))).toEqual(expected)
  })
})
