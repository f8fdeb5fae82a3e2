import { spawnSync } from 'node:child_process'
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

test('the file lock of a process that died is broken', async () => {
  const root = await folder()
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  await writeFile(join(root, 'a.lock'), `${pid} ${hostname()}`)
  await (
    await fileLocks(root).acquire('a')
  )()
})
