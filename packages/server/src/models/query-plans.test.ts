import { FlowRunFilter } from '@reeve/schemas/filters/flow-run-filter'
import { TaskRunFilter } from '@reeve/schemas/filters/task-run-filter'
import { formatTimestamp } from '@reeve/schemas/time'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DIALECTS, openTestDatabase } from '../../tests/helpers/databases.ts'
import { flowRow, flowRunRow, taskRunRow } from '../../tests/helpers/run-rows.ts'
import { START } from '../../tests/helpers/test-context.ts'
import { insertRows } from '../database/bulk.ts'
import type { Database } from '../database/database.ts'
import type { Session, Statement } from '../database/session.ts'
import { countFinishedTaskRuns, readFlowRunDots } from './dashboard.ts'
import { countFlowRuns, readFlowRuns } from './flow-runs.ts'
import { readRunHistory } from './history.ts'
import { countTaskRuns, countTaskRunsByState, readTaskRuns } from './task-runs.ts'

const SECOND = 1_000_000
const DAY = 86_400 * SECOND
const RUNS = 12_000
const TASKS_OF_RUN = 2
const NOW = START + 30 * DAY
const WEEK_AGO = { after_: formatTimestamp(NOW - 7 * DAY) }
const YESTERDAY = { after_: formatTimestamp(NOW - DAY) }
const FAILED = { type: { any_: ['FAILED', 'CRASHED'] } }

const flow = flowRow()
const runs = Array.from({ length: RUNS }, (_, index) =>
  flowRunRow({ flow_id: flow.id, ...times(index, RUNS) }),
)
const tasks = runs.flatMap((run, index) =>
  Array.from({ length: TASKS_OF_RUN }, (_, task) =>
    taskRunRow({ flow_run_id: run.id, ...times(index * TASKS_OF_RUN + task, RUNS * TASKS_OF_RUN) }),
  ),
)

/** One in fifty failed; the others are spread evenly over thirty days. */
function times(index: number, count: number) {
  const expected_start_time = START + Math.floor((index * 30 * DAY) / count)
  return {
    state_type: index % 50 === 0 ? 'FAILED' : 'COMPLETED',
    state_name: 'whatever',
    expected_start_time,
    start_time: expected_start_time + SECOND,
    end_time: expected_start_time + 2 * SECOND,
  }
}

const flowRunFilter = (criteria: object) => ({ flowRunFilter: FlowRunFilter.parse(criteria) })
const taskRunFilter = (criteria: object) => ({ taskRunFilter: TaskRunFilter.parse(criteria) })
const week = { start: NOW - 7 * DAY, end: NOW, intervalSeconds: 3600 }
const day = { start: NOW - DAY, end: NOW, intervalSeconds: 3600 }

const QUESTIONS: { [question: string]: (session: Session) => Promise<unknown> } = {
  'newest 50 flow runs': (s) => readFlowRuns(s, { limit: 50 }),
  'flow runs that started last': (s) => readFlowRuns(s, { limit: 50, sort: 'START_TIME_DESC' }),
  'flow runs expected last': (s) => readFlowRuns(s, { limit: 50, sort: 'EXPECTED_START_TIME_DESC' }),
  'flow runs that ended last': (s) => readFlowRuns(s, { limit: 50, sort: 'END_TIME_DESC' }),
  'flow runs that failed within 7 days': (s) =>
    readFlowRuns(s, {
      ...flowRunFilter({ state: FAILED, start_time: WEEK_AGO }),
      limit: 50,
      sort: 'START_TIME_DESC',
    }),
  'flow runs that were to start within 7 days and failed': (s) =>
    readFlowRuns(s, { ...flowRunFilter({ state: FAILED, expected_start_time: WEEK_AGO }), limit: 50 }),
  'number of flow runs of 7 days': (s) => countFlowRuns(s, flowRunFilter({ start_time: WEEK_AGO })),
  'history of flow runs of 7 days': (s) => readRunHistory(s, 'flow_run', {}, week, NOW),
  'dots of flow runs': (s) => readFlowRunDots(s, { limit: 20 }),
  'task runs of a flow run': (s) =>
    readTaskRuns(s, { ...flowRunFilter({ id: { any_: [runs[3]?.id] } }), limit: 200 }),
  'newest 50 task runs': (s) => readTaskRuns(s, { limit: 50 }),
  'task runs expected last': (s) => readTaskRuns(s, { limit: 50, sort: 'EXPECTED_START_TIME_DESC' }),
  'task runs that ended last': (s) => readTaskRuns(s, { limit: 50, sort: 'END_TIME_DESC' }),
  'task runs that failed within 24 hours': (s) =>
    readTaskRuns(s, { ...taskRunFilter({ state: FAILED, start_time: YESTERDAY }), limit: 50 }),
  'task runs that run now': (s) =>
    readTaskRuns(s, { ...taskRunFilter({ state: { type: { any_: ['RUNNING'] } } }), limit: 50 }),
  'late page of task runs': (s) =>
    readTaskRuns(s, { limit: 50, offset: 10_000, sort: 'EXPECTED_START_TIME_DESC' }),
  'task runs that failed, expected last': (s) =>
    readTaskRuns(s, { ...taskRunFilter({ state: FAILED }), limit: 50, sort: 'EXPECTED_START_TIME_DESC' }),
  'number of all task runs': (s) => countTaskRuns(s, {}),
  'number of task runs that failed': (s) => countTaskRuns(s, taskRunFilter({ state: FAILED })),
  'number of task runs of 7 days by state': (s) =>
    countTaskRunsByState(s, taskRunFilter({ start_time: WEEK_AGO })),
  'newest task runs of a name': (s) =>
    readTaskRuns(s, {
      ...taskRunFilter({ name: { like_: 'a task' } }),
      limit: 50,
      sort: 'EXPECTED_START_TIME_DESC',
    }),
  'newest task runs with tags': (s) =>
    readTaskRuns(s, {
      ...taskRunFilter({ tags: { all_: ['a', 'b'] } }),
      limit: 50,
      sort: 'EXPECTED_START_TIME_DESC',
    }),
  'task runs by name': (s) => readTaskRuns(s, { limit: 50, sort: 'NAME_ASC' }),
  'task runs by name, backwards': (s) => readTaskRuns(s, { limit: 50, sort: 'NAME_DESC' }),
  'history of task runs of 7 days': (s) => readRunHistory(s, 'task_run', {}, week, NOW),
  'task runs scheduled next': (s) => readTaskRuns(s, { limit: 50, sort: 'NEXT_SCHEDULED_START_TIME_ASC' }),
  'number of task runs of 7 days': (s) => countTaskRuns(s, taskRunFilter({ start_time: WEEK_AGO })),
  'number of task runs that failed within 24 hours': (s) =>
    countTaskRuns(s, taskRunFilter({ state: FAILED, start_time: YESTERDAY })),
  'number of task runs of 24 hours by state': (s) =>
    countTaskRunsByState(s, taskRunFilter({ start_time: YESTERDAY })),
  'history of task runs of 24 hours': (s) => readRunHistory(s, 'task_run', {}, day, NOW),
  'finished task runs of 24 hours': (s) =>
    countFinishedTaskRuns(s, taskRunFilter({ start_time: YESTERDAY }), { ...day, slices: 20 }),
}

/** Runs a question and notes the plans of the statements that it executes. */
async function plansOf(
  session: Session,
  question: (session: Session) => Promise<unknown>,
): Promise<string[]> {
  const plans: string[] = []
  const explain = session.dialect === 'sqlite' ? 'explain query plan' : 'explain'
  const explaining: Session = {
    ...session,
    dialect: session.dialect,
    build: session.build,
    onCommit: () => {},
    execute: async <R>(statement: Statement) => {
      const { rows } = await session.execute<{ detail?: string; 'QUERY PLAN'?: string }>({
        sql: `${explain} ${statement.sql}`,
        parameters: statement.parameters,
      })
      plans.push(...rows.map((row) => row.detail ?? row['QUERY PLAN'] ?? ''))
      return session.execute<R>(statement)
    },
    all: async <R>(query: { compile(): Statement }) => (await explaining.execute<R>(query.compile())).rows,
    first: async <R>(query: { compile(): Statement }) =>
      (await explaining.execute<R>(query.compile())).rows[0],
    run: async (query) => (await explaining.execute(query.compile())).changes,
  }
  await question(explaining)
  return plans
}

/** A step that reads a run table, or sums of one, from one end to the other, and not in the order of an index. */
const WHOLE_TABLE = {
  sqlite: /^SCAN (flow_run|task_run|task_run_(tally|finished)_sum)\b(?!.*INDEX)/,
  postgres: /Seq Scan on (flow_run|task_run)\b/,
}

describe.each(DIALECTS)('on %s', (dialect) => {
  let database: Database
  beforeAll(async () => {
    database = await openTestDatabase(dialect)
    await database.write(async (session) => {
      await insertRows(session, 'flow', [flow])
      await insertRows(session, 'flow_run', runs)
      await insertRows(session, 'task_run', tasks)
      await session.execute({ sql: 'analyze', parameters: [] })
    })
  })
  afterAll(() => database.close())

  test.each(Object.keys(QUESTIONS))('no run table is read whole for the %s', async (name) => {
    const question = QUESTIONS[name] as (session: Session) => Promise<unknown>
    const plans = await database.write((session) => plansOf(session, question))
    expect(plans).not.toEqual([])
    expect(plans.filter((step) => WHOLE_TABLE[dialect].test(step))).toEqual([])
  })

  test('a question that no index answers is seen to read the table whole', async () => {
    const byState = taskRunFilter({ state: { name: { any_: ['nothing'] } } })
    const plans = await database.write((session) => plansOf(session, (s) => countTaskRuns(s, byState)))
    expect(plans.some((step) => WHOLE_TABLE[dialect].test(step))).toBe(true)
  })
})
