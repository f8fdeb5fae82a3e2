import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { taskRunRow } from '../../tests/helpers/run-rows.ts'
import { createTestContext } from '../../tests/helpers/test-context.ts'
import type { Context } from '../context.ts'
import { insertRows, updateRows } from '../database/bulk.ts'
import { openSqlite } from '../database/sqlite.ts'
import { countTaskRuns, countTaskRunsByState } from '../models/task-runs.ts'
import { taskRunMoves } from './task-run-moves.ts'

let folder: string
let context: Context
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reeve-test-'))
  context = await contextOn(join(folder, 'a.db'))
})
afterEach(async () => {
  await context.database.close()
  await rm(folder, { recursive: true })
})

async function contextOn(path: string): Promise<Context> {
  const server = await createTestContext('sqlite')
  await server.close()
  return { ...server.context, database: await openSqlite(path) }
}

const pass = ({ clock }: Context) => taskRunMoves.run(context, clock.now())
const countMoves = () =>
  context.database.read(async (session) => {
    const counted = { sql: `select count(*) as n from task_run_move`, parameters: [] }
    return (await session.execute<{ n: number }>(counted)).rows[0]?.n
  })
const countStates = () => context.database.read((session) => countTaskRunsByState(session, {}))

/** 6000 runs, half of which end: 9000 moves. */
async function fill(): Promise<void> {
  const { database } = context
  const runs = Array.from({ length: 6000 }, () => taskRunRow({ state_type: 'PENDING' }))
  await database.write((session) => insertRows(session, 'task_run', runs))
  const ended = runs.slice(0, 3000).map(({ id }) => ({ id, state_type: 'COMPLETED' }))
  await database.write((session) => updateRows(session, 'task_run', ['state_type'], ended))
}

test('moves are all added up by one pass, in several writes, and the answers stay', async () => {
  await fill()
  const before = await countStates()
  expect(before).toMatchObject({ COMPLETED: 3000, PENDING: 3000 })
  expect(await countMoves()).toBe(9000)

  const write = vi.spyOn(context.database, 'write')
  await pass(context)
  expect(write).toHaveBeenCalledTimes(5)
  expect(await countMoves()).toBe(0)
  expect(await countStates()).toEqual(before)
  expect(await context.database.read((session) => countTaskRuns(session, {}))).toBe(6000)
})

test('they are added up in a database in memory, too', async () => {
  await context.database.close()
  context = await contextOn(':memory:')
  await fill()
  const before = await countStates()
  await pass(context)
  expect(await countMoves()).toBe(0)
  expect(await countStates()).toEqual(before)
})

test('a pass that finds none writes nothing', async () => {
  const write = vi.spyOn(context.database, 'write')
  await pass(context)
  expect(write).not.toHaveBeenCalled()
})

test('a change that no sum is about is not one', async () => {
  const run = taskRunRow({ state_type: 'PENDING' })
  await context.database.write((session) => insertRows(session, 'task_run', [run]))
  const columns = ['run_count', 'name', 'end_time', 'updated'] as const
  const changed = { ...run, run_count: 2, name: 'other', end_time: 7, updated: 8 }
  await context.database.write((session) => updateRows(session, 'task_run', columns, [changed]))
  expect(await countMoves()).toBe(1)
})
