import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cleanResults } from './clean-results.ts'
import { localStorage } from './local-storage.ts'

test('old results go, with the folders that held nothing else; young ones stay', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reeve-clean-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const storage = localStorage(folder)
  for (const key of ['runs/old/a', 'runs/mixed/b', 'runs/mixed/c']) await storage.put(key, Buffer.from('123'))
  const longAgo = new Date(Date.now() - 40 * 86_400_000)
  for (const key of ['runs/old/a', 'runs/mixed/b']) await utimes(join(folder, key), longAgo, longAgo)

  const options = { olderThanDays: 30 }
  expect(await cleanResults(folder, { ...options, dryRun: true })).toEqual({ files: 2, bytes: 6 })
  expect(await storage.get('runs/old/a')).toBeDefined()
  expect(await cleanResults(folder, options)).toEqual({ files: 2, bytes: 6 })
  expect(await storage.get('runs/old/a')).toBeUndefined()
  expect(await storage.get('runs/mixed/c')).toBeDefined()
  expect(await readdir(join(folder, 'runs'))).toEqual(['mixed'])
  expect(await cleanResults(join(folder, 'none'), options)).toEqual({ files: 0, bytes: 0 })
})
