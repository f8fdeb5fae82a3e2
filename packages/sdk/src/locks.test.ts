import { spawnSync } from 'node:child_process'
import { getEventListeners } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fileLocks, type LockManager, memoryLocks } from './locks.ts'

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'reeve-locks-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}

describe.each<[string, () => Promise<LockManager>]>([
  ['memoryLocks', async () => memoryLocks()],
  ['fileLocks', async () => fileLocks(await folder())],
])('%s', (_, make) => {
  test('one holder at a time; other keys are free', async () => {
    const locks = await make()
    let [held, most] = [0, 0]
    const hold = async () => {
      const letGo = await locks.acquire('a')
      most = Math.max(most, ++held)
      await new Promise(setImmediate)
      held--
      await letGo()
    }
    const other = await locks.acquire('b')
    await Promise.all([hold(), hold(), hold()])
    await other()
    expect(most).toBe(1)
  })

  test('whoever stops waiting does not keep the key from others', async () => {
    const locks = await make()
    const letGo = await locks.acquire('a')
    const controller = new AbortController()
    const waiting = locks.acquire('a', controller.signal)
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await letGo()
    await (
      await locks.acquire('a')
    )()
  })
})

test('whoever stops waiting lets nobody else in', async () => {
  const locks = memoryLocks()
  const letGo = await locks.acquire('a')
  const controller = new AbortController()
  const waiting = locks.acquire('a', controller.signal)
  controller.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  let isIn = false
  const third = locks.acquire('a').then((letThirdGo) => ((isIn = true), letThirdGo))
  await new Promise(setImmediate)
  expect(isIn).toBe(false)
  await letGo()
  await (
    await third
  )()
})

test('a key of any length has a lock', async () => {
  const locks = fileLocks(await folder())
  await (
    await locks.acquire('ü'.repeat(500))
  )()
})

test('waiting for locks leaves no listeners on the signal', async () => {
  const locks = memoryLocks()
  const { signal } = new AbortController()
  for (let i = 0; i < 20; i++) await (await locks.acquire('a', signal))()
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

test.each([
  ['died', () => spawnSync(process.execPath, ['-e', '']).pid],
  ['had the same number before this one', () => process.pid],
])('the file lock of a process that %s is broken', async (_, pid) => {
  const root = await folder()
  await writeFile(join(root, 'a.lock'), `${hostname()}:${pid()}:00000000`)
  await (
    await fileLocks(root).acquire('a')
  )()
})
