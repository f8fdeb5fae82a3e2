import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openLogFile } from './log-file.ts'
import type { LogFile } from './log-file.ts'

let folder: string
let log: LogFile
/** What each look at the clock adds to it: two looks a sync. */
let millisecondsEach = 0

beforeEach(async () => {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => (now += millisecondsEach))
  folder = await mkdtemp(join(tmpdir(), 'reeve-log-'))
  await writeFile(join(folder, 'a.db-wal'), 'frames')
  log = await openLogFile(join(folder, 'a.db'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await log.close()
  await rm(folder, { recursive: true })
})

test('a disk is waited for only after it has shown that it is quick', async () => {
  millisecondsEach = 0.4
  expect(log.syncAtOnce()).toBe(false)
  await log.sync()
  expect(log.syncAtOnce()).toBe(true)
})

test('a disk that becomes slow is not waited for, until it is quick again', async () => {
  millisecondsEach = 0.4
  await log.sync()
  millisecondsEach = 20
  expect(log.syncAtOnce()).toBe(true)
  expect(log.syncAtOnce()).toBe(false)
  millisecondsEach = 0.4
  for (let round = 0; round < 5; round++) await log.sync()
  expect(log.syncAtOnce()).toBe(false)
  for (let round = 0; round < 20; round++) await log.sync()
  expect(log.syncAtOnce()).toBe(true)
})
