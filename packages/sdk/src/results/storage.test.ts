import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { localStorage } from './local-storage.ts'
import { memoryStorage } from './memory-storage.ts'
import type { ResultStorage } from './storage.ts'

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'reeve-results-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (found: Uint8Array | undefined) => found && new TextDecoder().decode(found)

describe.each<[string, () => Promise<ResultStorage>]>([
  ['localStorage', async () => localStorage(await folder())],
  ['memoryStorage', async () => memoryStorage()],
])('%s', (_, make) => {
  test('gives back what was put last, until it is deleted', async () => {
    const storage = await make()
    await storage.put('runs/1/2', bytes('old'))
    await storage.put('runs/1/2', bytes('new'))
    expect(text(await storage.get('runs/1/2'))).toBe('new')
    await storage.delete('runs/1/2')
    expect(await storage.get('runs/1/2')).toBeUndefined()
    await storage.delete('runs/1/2')
  })
})

describe('localStorage', () => {
  test('no key climbs out of the folder', async () => {
    const root = await folder()
    const storage = localStorage(join(root, 'results'))
    for (const key of ['../escaped', '../..', 'a/../../escaped', 'c:\\x']) {
      await storage.put(key, bytes(key))
      expect(text(await storage.get(key))).toBe(key)
    }
    expect(await readdir(root)).toEqual(['results'])
  })

  test('many writers of one key leave one whole value and nothing else', async () => {
    const root = await folder()
    const storage = localStorage(root)
    const values = Array.from({ length: 20 }, (_, i) => String(i).repeat(10_000))
    await Promise.all(values.map((value) => storage.put('k', bytes(value))))
    expect(values).toContain(text(await storage.get('k')))
    expect(await readdir(root)).toEqual(['k'])
  })
})
