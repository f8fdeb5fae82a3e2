import { describe, expect, test, vi } from 'vitest'
import { INPUTS } from '../src/cache/policy.ts'
import { RolledBackError, type Transaction } from '../src/engine/transaction.ts'
import { flow } from '../src/flow.ts'
import { memoryLocks } from '../src/locks.ts'
import { task } from '../src/task.ts'
import { transaction } from '../src/transactions.ts'
import { withFakeApi } from './helpers/fake-api.ts'

/** Tasks that note what happens to them. */
function steps() {
  const seen: string[] = []
  const step = (name: string) =>
    task(() => void seen.push(`run ${name}`), {
      name,
      onCommit: () => void seen.push(`commit ${name}`),
      onRollback: () => void seen.push(`rollback ${name}`),
    })
  return { seen, step }
}

const boom = () => {
  throw new Error('boom')
}

describe('transaction', () => {
  test('calls the commit hooks in order when it returns', async () => {
    await withFakeApi(async () => {
      const { seen, step } = steps()
      const result = await transaction(async (tx) => {
        tx.onCommit(() => void seen.push('commit tx'))
        await step('a')()
        await step('b')()
        return 7
      })
      expect(result).toBe(7)
      expect(seen).toEqual(['run a', 'run b', 'commit tx', 'commit a', 'commit b'])
    })
  })

  test('undoes completed tasks, last first, when it throws; the failed one is not undone', async () => {
    await withFakeApi(async (api) => {
      const { seen, step } = steps()
      const broken = task(boom, { name: 'broken', onRollback: () => void seen.push('rollback broken') })
      const f = flow(
        () =>
          transaction(async () => {
            await step('a')()
            await step('b')()
            await broken()
          }),
        { name: 'f' },
      )
      await expect(f()).rejects.toThrow('boom')
      expect(seen).toEqual(['run a', 'run b', 'rollback b', 'rollback a'])
      expect(api.taskRun('a-0').state).toMatchObject({ type: 'COMPLETED', name: 'RolledBack' })
    })
  })

  test('a rolled back result is neither cached nor taken over by a retry', async () => {
    await withFakeApi(async () => {
      let [calls, tries] = [0, 0]
      const load = task(() => ++calls, { name: 'load', cachePolicy: INPUTS })
      const f = flow(
        () =>
          transaction(async () => {
            const loaded = await load()
            if (++tries < 2) boom()
            return loaded
          }),
        { name: 'f', retries: 1 },
      )
      expect(await f()).toBe(2)
    })
  })

  test('a transaction inside of another one waits for the outer, unless it is eager', async () => {
    await withFakeApi(async () => {
      const { seen, step } = steps()
      await transaction(async () => {
        await transaction(async () => void (await step('lazy')()))
        await transaction(async () => void (await step('eager')()), { eager: true })
        seen.push('outer ends')
      })
      expect(seen).toEqual(['run lazy', 'run eager', 'commit eager', 'outer ends', 'commit lazy'])
    })
  })

  test('one that was rolled back takes the outer with it, even when its error is caught', async () => {
    await withFakeApi(async () => {
      const { seen, step } = steps()
      const outer = transaction(async () => {
        await step('a')()
        await transaction(boom).catch(() => {})
      })
      await expect(outer).rejects.toBeInstanceOf(RolledBackError)
      expect(seen).toEqual(['run a', 'rollback a'])
    })
  })

  test('a commit hook that fails turns the commit into a rollback', async () => {
    await withFakeApi(async () => {
      const { seen, step } = steps()
      let kept: Transaction | undefined
      const failing = transaction(async (tx) => {
        kept = tx
        await step('a')()
        tx.onCommit(boom)
      })
      await expect(failing).rejects.toThrow('boom')
      expect(seen).toEqual(['run a', 'commit a', 'rollback a'])
      expect(kept!.state).toBe('rolled back')
    })
  })

  test('one inside of another whose commit fails is undone, once', async () => {
    await withFakeApi(async () => {
      const seen: string[] = []
      const both = transaction(async (outer) => {
        outer.onRollback(() => void seen.push('undo outer'))
        await transaction(async (inner) => {
          inner.onRollback(() => void seen.push('undo inner'))
          inner.onCommit(boom)
        })
      })
      await expect(both).rejects.toThrow('boom')
      expect(seen).toEqual(['undo inner', 'undo outer'])
    })
  })

  test('hooks see the values set inside and around', async () => {
    await withFakeApi(async () => {
      const seen: unknown[] = []
      const failing = transaction(async (outer) => {
        outer.set('path', '/tmp/x')
        await transaction(async (inner) => {
          inner.set('rows', 3)
          inner.onRollback((tx) => seen.push(tx.get('path'), tx.get('rows')))
          boom()
        })
      })
      await expect(failing).rejects.toThrow('boom')
      expect(seen).toEqual(['/tmp/x', 3])
    })
  })

  test('with a key happens once, and gives the kept result afterwards', async () => {
    await withFakeApi(async () => {
      let calls = 0
      const pay = (options = {}) =>
        transaction(() => new Map([['call', ++calls]]), { key: 'invoice-1', ...options })
      expect(await pay()).toEqual(new Map([['call', 1]]))
      expect(await pay()).toEqual(new Map([['call', 1]]))
      expect(await pay({ overwrite: true })).toEqual(new Map([['call', 2]]))
      await expect(transaction(boom, { key: 'invoice-2' })).rejects.toThrow('boom')
      expect(await transaction(() => 'second try', { key: 'invoice-2' })).toBe('second try')
    })
  })

  test('with locks, callers of one key take turns', async () => {
    await withFakeApi(async () => {
      const locks = memoryLocks()
      let calls = 0
      const pay = () =>
        transaction(async () => (await new Promise(setImmediate), ++calls), { key: 'k', locks })
      expect(await Promise.all([pay(), pay(), pay()])).toEqual([1, 1, 1])
    })
  })

  test('with locks, one of the same key inside of the holder does not wait for it', async () => {
    await withFakeApi(async () => {
      const locks = memoryLocks()
      const giveUp = AbortSignal.timeout(2000)
      const once = { acquire: (key: string) => locks.acquire(key, giveUp) }
      const inner = () => transaction(() => 'inner', { key: 'k', locks: once })
      expect(await transaction(() => transaction(inner), { key: 'k', locks: once })).toBe('inner')
    })
  })

  test('waits for what it has started, which is committed or undone with it', async () => {
    await withFakeApi(async () => {
      const { seen, step } = steps()
      const slow = task(
        async () => {
          await new Promise((resolve) => setTimeout(resolve, 20))
          seen.push('run slow')
        },
        { name: 'slow', onRollback: () => void seen.push('rollback slow') },
      )
      await flow(() => transaction(() => void step('a').submit()), { name: 'f' })()
      expect(seen).toEqual(['run a', 'commit a'])
      const fails = flow(
        () =>
          transaction(() => {
            slow.submit()
            boom()
          }),
        { name: 'f' },
      )
      await expect(fails()).rejects.toThrow('boom')
      expect(seen.slice(2)).toEqual(['run slow', 'rollback slow'])
    })
  })

  test('undoes tasks too that an earlier execution of the flow run completed', async () => {
    await withFakeApi(async (api) => {
      const { seen, step } = steps()
      let dies = true
      const f = flow(
        () =>
          transaction(async () => {
            await step('a')()
            // The process dies here: neither committed nor rolled back.
            if (dies) await new Promise(() => {})
            boom()
          }),
        { name: 'f' },
      )
      void f()
      await vi.waitFor(() => expect(api.taskRun('a-0').state.type).toBe('COMPLETED'))
      dies = false
      const [id] = api.flowRuns.keys()
      await expect(f.resume(id!)).rejects.toThrow('boom')
      expect(seen).toEqual(['run a', 'rollback a'])
    })
  })

  test('a nested one with locks keeps others out until the outer one has ended', async () => {
    await withFakeApi(async () => {
      const locks = memoryLocks()
      let runs = 0
      const once = () => transaction(() => ++runs, { key: 'once', locks })
      const inside = Promise.withResolvers<void>()
      const leave = Promise.withResolvers<void>()
      const outer = transaction(async () => {
        await once()
        inside.resolve()
        await leave.promise
      })
      await inside.promise
      const other = once()
      await new Promise(setImmediate)
      leave.resolve()
      await outer
      expect(await other).toBe(1)
      expect(runs).toBe(1)
    })
  })
})
