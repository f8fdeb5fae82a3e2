import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addUp } from '../../tests/helpers/add-up.ts'
import { DIALECTS, openTestDatabase } from '../../tests/helpers/databases.ts'
import { flowRow, flowRunRow, taskRunRow } from '../../tests/helpers/run-rows.ts'
import { START, seededRandom } from '../../tests/helpers/test-context.ts'
import { insertRows, updateRows } from '../database/bulk.ts'
import type { Database } from '../database/database.ts'
import type { Row } from '../database/tables.ts'
import { TaskRunFilter } from '@reeve/schemas/filters/task-run-filter'
import { readRunHistory } from './history.ts'
import type { HistoryBar, HistorySpan } from './history.ts'

const SECOND = 1_000_000
const MINUTE = 60 * SECOND
const HOURS = 6
const NOW = START + HOURS * 60 * MINUTE
const STATES = [
  'COMPLETED Completed',
  'COMPLETED Cached',
  'FAILED Failed',
  'RUNNING Running',
  'SCHEDULED Late',
]

describe.each(DIALECTS)('the history of all task runs on %s', (dialect) => {
  let database: Database
  const random = seededRandom(11)
  const within = (span: number) => Math.floor(random() * span)
  /** Some on the very start of two minutes. */
  const time = () =>
    START + (random() < 0.1 ? within(HOURS * 30) * 2 * MINUTE : within(HOURS * 3600) * SECOND)
  const moved = () => {
    const [state_type = null, state_name = null] =
      (random() < 0.05 ? '' : STATES[within(5)])?.split(' ') ?? []
    return {
      state_type: state_type || null,
      state_name,
      state_timestamp: time(),
      expected_start_time: random() < 0.05 ? null : time(),
      start_time: random() < 0.2 ? null : time(),
      total_run_time: within(10_000) / 1000,
    }
  }
  const flow = flowRow()
  const flowRun = flowRunRow({ flow_id: flow.id })
  let runs: Row<'task_run'>[]

  beforeEach(async () => {
    database = await openTestDatabase(dialect)
    runs = Array.from({ length: 1200 }, (_, index) =>
      taskRunRow({ flow_run_id: index % 7 === 0 ? flowRun.id : null, ...moved() }),
    )
    await database.write(async (session) => {
      await insertRows(session, 'flow', [flow])
      await insertRows(session, 'flow_run', [flowRun])
      await insertRows(session, 'task_run', runs)
    })
  })
  afterEach(() => database.close())

  /** Moves half of the runs, also in one column alone, and deletes a few, and those of a flow run with it. */
  async function change(): Promise<void> {
    const rows = runs.slice(0, 600).map(({ id }) => ({ id, ...moved() }))
    const columns = Object.keys(moved()) as (keyof ReturnType<typeof moved>)[]
    await database.write((session) => updateRows(session, 'task_run', columns, rows))
    for (const [index, column] of columns.entries()) {
      const some = runs.slice(index * 100, index * 100 + 100).map(({ id }) => ({ id, ...moved() }))
      await database.write((session) => updateRows(session, 'task_run', [column], some))
    }
    await database.write(async (session) => {
      const gone = runs.slice(580, 640).map(({ id }) => id)
      await session.run(session.build.deleteFrom('task_run').where('id', 'in', gone))
      await session.run(session.build.deleteFrom('flow_run').where('id', '=', flowRun.id))
    })
  }

  const history = (span: HistorySpan, filters = {}) =>
    database.read((session) => readRunHistory(session, 'task_run', filters, span, NOW))

  /** A filter that every run meets keeps the sums out of it. */
  const everyRun = { taskRunFilter: TaskRunFilter.parse({ name: { like_: 'a task run' } }) }

  async function expectTrueBars(): Promise<void> {
    const minutes = fc.integer({ min: -30 * 60, max: (HOURS * 60 + 30) * 60 }).map((s) => START + s * SECOND)
    const seconds = fc.oneof(fc.integer({ min: 400, max: 9000 }), fc.constantFrom(480, 3600, 3600.5))
    const span = fc.record({ start: minutes, end: minutes, intervalSeconds: seconds })
    await fc.assert(
      fc.asyncProperty(span, async (asked) => {
        expect(rounded(await history(asked))).toEqual(rounded(await history(asked, everyRun)))
      }),
      { numRuns: 60 },
    )
  }

  test('is what counting each run gives, after runs were made, moved and deleted', async () => {
    await expectTrueBars()
    await change()
    await expectTrueBars()
    await addUp(database, 1000)
    await expectTrueBars()
    await change()
    await addUp(database)
    await expectTrueBars()
  })

  test('adding the sums up leaves one for each state of two minutes', async () => {
    await change()
    await addUp(database)
    const { rows } = await database.read((session) =>
      session.execute<{ n: number }>({
        sql: `select count(*) as n from task_run_finished group by span, state_type, state_name having count(*) > 1`,
        parameters: [],
      }),
    )
    expect(rows).toEqual([])
  })

  test('a transaction that is undone leaves it as it was', async () => {
    const day = { start: START, end: NOW, intervalSeconds: 3600 }
    const before = await history(day)
    const failing = database.write(async (session) => {
      await updateRows(
        session,
        'task_run',
        ['state_type'],
        [{ ...(runs[0] as Row<'task_run'>), state_type: 'CRASHED' }],
      )
      throw new Error('undone')
    })
    await expect(failing).rejects.toThrow('undone')
    expect(await history(day)).toEqual(before)
  })
})

/** Both ways add numbers with fractions in orders of their own. */
function rounded(bars: HistoryBar[]) {
  return bars.map(({ states, ...bar }) => ({
    ...bar,
    states: states.map((state) => ({
      ...state,
      sum_estimated_run_time: state.sum_estimated_run_time.toFixed(4),
      sum_estimated_lateness: state.sum_estimated_lateness.toFixed(4),
    })),
  }))
}
