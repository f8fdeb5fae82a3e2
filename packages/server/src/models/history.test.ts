import fc from 'fast-check'
import { FlowRunFilter } from '@reeve/schemas/filters/flow-run-filter'
import type { StateType } from '@reeve/schemas/state-type'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DIALECTS, openTestDatabase } from '../../tests/helpers/databases.ts'
import { flowRow, flowRunRow } from '../../tests/helpers/run-rows.ts'
import { seededRandom, START } from '../../tests/helpers/test-context.ts'
import { insertRows } from '../database/bulk.ts'
import type { Database } from '../database/database.ts'
import { readRunHistory } from './history.ts'
import type { HistoryBar } from './history.ts'
import { averageLateness } from './lateness.ts'

const SECOND = 1_000_000
const NOW = START + 100 * SECOND
const random = seededRandom(3)
const within = (seconds: number) => Math.floor(random() * seconds * SECOND)
const TYPES = ['SCHEDULED', 'RUNNING', 'COMPLETED', 'FAILED', null]

const flow = flowRow()
const runs = Array.from({ length: 60 }, (_, index) => {
  const state_type = TYPES[index % TYPES.length] as string | null
  const expected_start_time = index % 11 === 0 ? null : START + within(200)
  return flowRunRow({
    flow_id: flow.id,
    state_type,
    state_name: index % 10 === 0 ? 'Late' : state_type,
    state_timestamp: START + within(99),
    expected_start_time,
    start_time: index % 3 === 0 ? null : START + within(200),
    total_run_time: random() * 10,
    tags: index % 2 === 0 ? ['even'] : [],
  })
})

type Run = (typeof runs)[number]

function runTime({ state_type, state_timestamp, total_run_time }: Run): number {
  const running = state_type === 'RUNNING' ? (NOW - (state_timestamp as number)) / SECOND : 0
  return total_run_time + running
}

/** A run that has no state and did not start is not late. */
function lateness({ state_type, start_time, expected_start_time: expected }: Run): number {
  if (expected === null) return 0
  const waiting = state_type === 'SCHEDULED' || state_type === 'RUNNING'
  const until = start_time ?? (waiting ? NOW : expected)
  return Math.max(0, until - expected) / SECOND
}

/** The same bars, counted by hand. */
function countByHand(start: number, end: number, seconds: number): HistoryBar[] {
  const bars: HistoryBar[] = []
  for (let from = start; from < end && bars.length < 500; from += seconds * SECOND) {
    const until = from + seconds * SECOND
    const states: HistoryBar['states'] = []
    for (const run of runs) {
      const at = run.expected_start_time
      if (at === null || at < from || at >= until) continue
      let state = states.find((s) => s.state_type === run.state_type && s.state_name === run.state_name)
      if (!state) {
        const state_type = run.state_type as StateType | null
        const { state_name } = run
        state = {
          state_type,
          state_name,
          count_runs: 0,
          sum_estimated_run_time: 0,
          sum_estimated_lateness: 0,
        }
        states.push(state)
      }
      state.count_runs += 1
      state.sum_estimated_run_time += runTime(run)
      state.sum_estimated_lateness += lateness(run)
    }
    bars.push({ interval_start: from, interval_end: until, states })
  }
  return bars
}

const key = (state: { state_type: unknown; state_name: unknown }) => `${state.state_type} ${state.state_name}`

function comparable(bars: HistoryBar[]) {
  return bars.map((bar) => ({
    ...bar,
    states: bar.states
      .map((state) => ({
        ...state,
        sum_estimated_run_time: state.sum_estimated_run_time.toFixed(4),
        sum_estimated_lateness: state.sum_estimated_lateness.toFixed(4),
      }))
      .sort((a, b) => (key(a) < key(b) ? -1 : 1)),
  }))
}

describe.each(DIALECTS)('run history on %s', (dialect) => {
  let database: Database
  beforeAll(async () => {
    database = await openTestDatabase(dialect)
    await database.write(async (session) => {
      await insertRows(session, 'flow', [flow])
      await insertRows(session, 'flow_run', runs)
    })
  })
  afterAll(() => database.close())

  const history = (start: number, end: number, intervalSeconds: number, filters = {}) =>
    database.read((session) =>
      readRunHistory(session, 'flow_run', filters, { start, end, intervalSeconds }, NOW),
    )

  test('bars hold exactly the runs expected within them', async () => {
    const micros = fc.integer({ min: -50 * SECOND, max: 250 * SECOND })
    await fc.assert(
      fc.asyncProperty(micros, micros, fc.integer({ min: 1, max: 80 }), async (from, to, seconds) => {
        const bars = await history(START + from, START + to, seconds)
        expect(comparable(bars)).toEqual(comparable(countByHand(START + from, START + to, seconds)))
      }),
      { numRuns: 60 },
    )
  })

  test('there are at most 500 bars, and none when the end is not after the start', async () => {
    expect(await history(START, START + 1000 * SECOND, 1)).toHaveLength(500)
    expect(await history(START, START, 1)).toEqual([])
    expect(await history(START, START - SECOND, 1)).toEqual([])
  })

  test('an interval may have a fraction', async () => {
    const bars = await history(START, START + 4 * SECOND, 1.5)
    expect(bars.map((bar) => bar.interval_end - START)).toEqual([1.5 * SECOND, 3 * SECOND, 4.5 * SECOND])
  })

  test('only the runs that the filters keep are counted', async () => {
    const flowRunFilter = FlowRunFilter.parse({ tags: { all_: ['even'] } })
    const bars = await history(START, START + 200 * SECOND, 200, { flowRunFilter })
    const counted = bars[0]?.states.reduce((sum, state) => sum + state.count_runs, 0)
    const kept = runs.filter((run) => run.tags.length > 0 && run.expected_start_time !== null)
    expect(counted).toBe(kept.length)
  })

  test('mean lateness includes the runs that are on time, and is null for no runs', async () => {
    const mean = runs.map(lateness).reduce((sum, each) => sum + each, 0) / runs.length
    const read = (filters: object) => database.read((session) => averageLateness(session, filters, NOW))
    expect(await read({})).toBeCloseTo(mean, 6)
    expect(await read({ flowRunFilter: FlowRunFilter.parse({ id: { any_: [] } }) })).toBe(null)
  })
})
