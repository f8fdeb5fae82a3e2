import { FlowRunSort, TaskRunSort } from '@reeve/schemas/sorts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DIALECTS, openTestDatabase } from '../../tests/helpers/databases.ts'
import { makeWorld, storeWorld } from '../../tests/helpers/filter-world.ts'
import type { Database } from '../database/database.ts'
import { readFlowRuns } from './flow-runs.ts'
import { readTaskRuns } from './task-runs.ts'

const world = makeWorld()

interface Sorted {
  id: string
  name: string
  start_time: number | null
  end_time: number | null
  expected_start_time: number | null
  next_scheduled_start_time: number | null
}

const VALUES: { [field: string]: (run: Sorted) => string | number | null } = {
  ID: (run) => run.id,
  NAME: (run) => run.name,
  START_TIME: (run) => run.start_time ?? run.expected_start_time,
  EXPECTED_START_TIME: (run) => run.expected_start_time,
  NEXT_SCHEDULED_START_TIME: (run) => run.next_scheduled_start_time,
  END_TIME: (run) => run.end_time,
}

/** Bytes decide between texts; NULL is the greatest value; the id decides between equals. */
function expectedOrder(runs: readonly Sorted[], sort: string): string[] {
  const [, field = '', direction] = /^(.*)_(ASC|DESC)$/.exec(sort) ?? []
  const value = VALUES[field] as (run: Sorted) => string | number | null
  const compare = (a: string | number | null, b: string | number | null) => {
    if (a === b) return 0
    if (a === null) return 1
    if (b === null) return -1
    return a < b ? -1 : 1
  }
  const ascending = [...runs].sort((a, b) => compare(value(a), value(b)) || compare(a.id, b.id))
  return (direction === 'ASC' ? ascending : ascending.reverse()).map(({ id }) => id)
}

describe.each(DIALECTS)('sorts on %s', (dialect) => {
  let database: Database
  beforeAll(async () => {
    database = await openTestDatabase(dialect)
    await storeWorld(database, world)
  })
  afterAll(() => database.close())

  test.each(FlowRunSort.options)('flow runs by %s are in one order, pages included', async (sort) => {
    const read = (limit: number, offset: number) =>
      database.read((session) => readFlowRuns(session, { sort, limit, offset }))
    const pages = [...(await read(15, 0)), ...(await read(15, 15)), ...(await read(15, 30))]
    const ids = pages.map(({ id }) => id)
    // PostgreSQL orders texts by its locale, so only the direction of names is comparable.
    if (sort.startsWith('NAME')) expect(new Set(ids).size).toBe(world.flow_run.length)
    else expect(ids).toEqual(expectedOrder(world.flow_run, sort))
  })

  test.each(TaskRunSort.options)('task runs by %s are in one order, pages included', async (sort) => {
    const read = (limit: number, offset: number) =>
      database.read((session) => readTaskRuns(session, { sort, limit, offset }))
    const pages = [...(await read(40, 0)), ...(await read(40, 40))]
    const ids = pages.map(({ id }) => id)
    if (sort.startsWith('NAME')) expect(new Set(ids).size).toBe(world.task_run.length)
    else expect(ids).toEqual(expectedOrder(world.task_run, sort))
  })

  test('names of one case are in the order of the alphabet', async () => {
    const runs = await database.read((session) => readFlowRuns(session, { sort: 'NAME_DESC', limit: 200 }))
    const names = runs.map(({ name }) => name).filter((name) => /^[a-z ]+$/.test(name))
    expect(names).toEqual([...names].sort().reverse())
    expect(new Set(names).size).toBeGreaterThan(2)
  })
})
