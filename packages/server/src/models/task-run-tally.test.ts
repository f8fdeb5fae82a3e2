import { TaskRunFilter } from '@reeve/schemas/filters/task-run-filter'
import type { TaskRunSort } from '@reeve/schemas/sorts'
import { formatTimestamp } from '@reeve/schemas/time'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addUp } from '../../tests/helpers/add-up.ts'
import { DIALECTS, openTestDatabase } from '../../tests/helpers/databases.ts'
import { flowRow, flowRunRow, taskRunRow } from '../../tests/helpers/run-rows.ts'
import { START, seededRandom } from '../../tests/helpers/test-context.ts'
import { insertRows, updateRows } from '../database/bulk.ts'
import type { Database } from '../database/database.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { taskRunMatches } from './filters/run-filters.ts'
import { TASK_RUN_ORDERS } from './run-order.ts'
import { readTally, tallyQuestion } from './task-run-tally.ts'
import { countTaskRuns, countTaskRunsByState, readTaskRuns } from './task-runs.ts'

const MINUTE = 60_000_000
const HOURS = 5
const RUNS = 400
const TYPES = ['COMPLETED', 'FAILED', 'CRASHED', 'RUNNING', null]

describe.each(DIALECTS)('the tally of task runs on %s', (dialect) => {
  let database: Database
  let random: () => number
  const flow = flowRow()
  const flowRuns = [flowRunRow({ flow_id: flow.id }), flowRunRow({ flow_id: flow.id })]
  beforeEach(async () => {
    random = seededRandom(7)
    database = await openTestDatabase(dialect)
    await database.write(async (session) => {
      await insertRows(session, 'flow', [flow])
      await insertRows(session, 'flow_run', flowRuns)
      await insertRows(session, 'task_run', runs)
    })
  })
  afterEach(() => database.close())

  const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)] as T
  /** Within the hours; some on the very start of one. */
  const time = () =>
    START + (random() < 0.1 ? Math.floor(random() * HOURS) * 60 : Math.floor(random() * HOURS * 60)) * MINUTE
  const timeOrNull = () => (random() < 0.1 ? null : time())
  const moved = () => ({
    state_type: pick(TYPES),
    start_time: timeOrNull(),
    expected_start_time: timeOrNull(),
  })
  random = seededRandom(3)
  const runs = Array.from({ length: RUNS }, (_, index) =>
    taskRunRow({ flow_run_id: flowRuns[index % 2]?.id ?? null, ...moved() }),
  )

  /** Moves many runs, deletes some, and those of a flow run with it. */
  async function change(session: Session): Promise<void> {
    const rows = runs.slice(0, 250).map(({ id }) => ({ id, ...moved() }))
    await updateRows(session, 'task_run', ['state_type', 'start_time', 'expected_start_time'], rows)
    const gone = runs.slice(100, 130).map(({ id }) => id)
    await session.run(session.build.deleteFrom('task_run').where('id', 'in', gone))
    await session.run(session.build.deleteFrom('flow_run').where('id', '=', flowRuns[1]?.id ?? ''))
    await insertRows(
      session,
      'task_run',
      Array.from({ length: 50 }, () => taskRunRow(moved())),
    )
  }

  const question = () => {
    const bound = () => (random() < 0.3 ? undefined : formatTimestamp(time() + pick([0, 1, 17 * MINUTE])))
    const types = ['COMPLETED', 'FAILED', 'RUNNING'].filter(() => random() < 0.5)
    return TaskRunFilter.parse({
      start_time: random() < 0.2 ? undefined : { after_: bound(), before_: bound() },
      state: random() < 0.5 ? undefined : { type: { any_: types } },
    })
  }

  async function naiveCounts(session: Session, filter: TaskRunFilter): Promise<Map<string | null, number>> {
    const rows = await session.all(
      session.build
        .selectFrom('task_run')
        .select(['task_run.id', 'task_run.state_type'])
        .where(taskRunMatches(session, { taskRunFilter: filter })),
    )
    const counts = new Map<string | null, number>()
    for (const { state_type } of rows) counts.set(state_type, (counts.get(state_type) ?? 0) + 1)
    return counts
  }

  async function expectTrueCounts(session: Session): Promise<void> {
    for (let round = 0; round < 60; round++) {
      const taskRunFilter = question()
      const asked = tallyQuestion({ taskRunFilter })
      const expected = await naiveCounts(session, taskRunFilter)
      expect(asked).toBeDefined()
      if (asked) expect(await readTally(session, asked)).toEqual(expected)
      const total = [...expected.values()].reduce((sum, runsOfType) => sum + runsOfType, 0)
      expect(await countTaskRuns(session, { taskRunFilter })).toBe(total)
      const byState = await countTaskRunsByState(session, { taskRunFilter })
      expect(byState).toMatchObject(Object.fromEntries([...expected].filter(([type]) => type !== null)))
    }
  }

  test('answers as counting does, after runs were made, moved and deleted', async () => {
    await database.write(expectTrueCounts)
    await database.write(change)
    await database.write(expectTrueCounts)
  })

  test('a transaction that is undone leaves it as it was', async () => {
    const failing = database.write(async (session) => {
      await change(session)
      throw new Error('undone')
    })
    await expect(failing).rejects.toThrow('undone')
    await database.write(expectTrueCounts)
  })

  test('adding it up leaves a row for each hour and state and changes no answer', async () => {
    for (let round = 0; round < 3; round++) await database.write(change).catch(() => {})
    await addUp(database)
    expect(await addUp(database)).toBe(0)
    await database.write(expectTrueCounts)
  })

  test('counts truly at any point of adding it up, and while runs go on to move', async () => {
    for (const most of [1, 399, 137, 250]) {
      await addUp(database, most)
      await database.write(expectTrueCounts)
      await database.write(change).catch(() => {})
      await database.write(expectTrueCounts)
    }
  })

  test.each([
    { name: { like_: 'x' } },
    {
      operator: 'or_',
      start_time: { after_: formatTimestamp(START) },
      state: { type: { any_: ['FAILED'] } },
    },
    { start_time: { is_null_: false } },
    { state: { name: { any_: ['Failed'] } } },
    { expected_start_time: { after_: formatTimestamp(START) } },
  ])('is not asked for %j', (criteria) => {
    expect(tallyQuestion({ taskRunFilter: TaskRunFilter.parse(criteria) })).toBeUndefined()
  })

  test('is not asked when a related noun is filtered', () => {
    expect(tallyQuestion({ flowRunFilter: { operator: 'and_' } })).toBeUndefined()
    expect(tallyQuestion({})).toBeDefined()
  })

  describe('and the pages of task runs', () => {
    const LATE = 3000
    let many: Row<'task_run'>[]
    beforeEach(async () => {
      many = Array.from({ length: LATE }, () => taskRunRow(moved()))
      await database.write((session) => insertRows(session, 'task_run', many))
    })

    async function naivePage(
      session: Session,
      {
        sort,
        limit,
        offset,
        criteria,
      }: { sort: TaskRunSort; limit: number; offset: number; criteria: object },
    ) {
      const filters = Object.keys(criteria).length > 0 ? { taskRunFilter: TaskRunFilter.parse(criteria) } : {}
      const rows = await session.all(
        session.build
          .selectFrom('task_run')
          .select('task_run.id')
          .where(taskRunMatches(session, filters))
          .orderBy(TASK_RUN_ORDERS[sort]),
      )
      const page = await readTaskRuns(session, { ...filters, sort, limit, offset })
      return {
        expected: rows.slice(offset, offset + limit).map(({ id }) => id),
        page: page.map(({ id }) => id),
      }
    }

    test.each([
      'EXPECTED_START_TIME_DESC',
      'EXPECTED_START_TIME_ASC',
      'NEXT_SCHEDULED_START_TIME_ASC',
    ] as const)('late ones by %s are those that reading through would find', async (sort) => {
      for (const offset of [0, 50, 999, 1000, 1234, 2000, 3000, 3040, 3060, 3100, 3380, 3399, 4000]) {
        const query = { sort, limit: 20, offset, criteria: {} }
        const { page, expected } = await database.write((session) => naivePage(session, query))
        expect(page).toEqual(expected)
      }
    })

    test.each(['EXPECTED_START_TIME_DESC', 'EXPECTED_START_TIME_ASC'] as const)(
      'of several states by %s are in the order of all',
      async (sort) => {
        const state = { type: { any_: ['FAILED', 'CRASHED', 'FAILED'] } }
        for (const criteria of [
          { state },
          { state, start_time: { after_: formatTimestamp(START + 99 * MINUTE) } },
        ]) {
          for (const offset of [0, 30, 500]) {
            const query = { sort, limit: 25, offset, criteria }
            const { page, expected } = await database.write((session) => naivePage(session, query))
            expect(page).toEqual(expected)
          }
        }
      },
    )
  })
})
