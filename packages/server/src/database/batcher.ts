import type { Database } from './database.ts'
import { DatabaseError, isOutage } from './errors.ts'
import type { Session } from './session.ts'

export type BatchHandler<Item, Result> = (
  session: Session,
  items: readonly Item[],
) => Promise<(Result | Error)[]>
export type Batched<Item, Result> = (item: Item) => Promise<Result>

interface Waiting<Item, Result> {
  item: Item
  resolve: (result: Result) => void
  reject: (error: unknown) => void
}

/**
 * Few batches at a time make large ones, which cost the least: another begins while one waits for its commit,
 * if this many items have come. Those held up, by a lock or a slow network, let others pass.
 */
const WORTH_A_BATCH = 12
const MOST_BATCHES = 4
const HELD_UP_MS = 20
const GATHER_MS = 1
const LARGEST_BATCH = 256
const MAX_WAITING = 20_000

/**
 * Turns a function over many items into one over a single item, whose calls share transactions: whatever
 * waits when a transaction begins, to `read` or to `write`, goes into it. When a batch fails as a whole, each
 * item is tried alone, so that one bad item never spoils another.
 */
export function batched<Item, Result>(
  database: Database,
  access: 'read' | 'write' | 'writeAssuming',
  handler: BatchHandler<Item, Result>,
): Batched<Item, Result> {
  const atOnce = database.writesAtOnce
  const most = atOnce > 1 ? MOST_BATCHES : 1
  let waiting: Waiting<Item, Result>[] = []
  let running = 0
  let usual = 0
  let passing: NodeJS.Timeout | undefined

  function start(): void {
    if (waiting.length === 0 || running >= most) return
    if (running === 0 || (running < atOnce && waiting.length >= WORTH_A_BATCH)) startBatch()
    else passing ??= setTimeout(pass, HELD_UP_MS)
  }

  function pass(): void {
    passing = undefined
    if (waiting.length > 0 && running < most) startBatch()
  }

  function startBatch(): void {
    running++
    void run().finally(() => {
      running--
      start()
    })
  }

  /**
   * Those of the last batch, once they are told, are likely to come again within moments. In memory, where
   * commits cost nothing, what happens depends on no clock.
   */
  async function gather(): Promise<void> {
    if (atOnce === 1) return nextTurn()
    const until = performance.now() + GATHER_MS
    do await nextTurn()
    while (waiting.length < usual && performance.now() < until)
    usual = waiting.length
  }

  async function run(): Promise<void> {
    let batch: Waiting<Item, Result>[] = []
    await gather()
    try {
      const results = await database[access]((session) => {
        // Taken only now: items that came while the transaction was being opened go along.
        if (batch.length === 0) {
          batch = waiting.slice(0, LARGEST_BATCH)
          waiting = waiting.slice(LARGEST_BATCH)
        }
        return handler(
          session,
          batch.map(({ item }) => item),
        )
      })
      settle(batch, results)
    } catch (error) {
      if (batch.length === 0) batch = waiting.splice(0, LARGEST_BATCH)
      if (batch.length === 1 || isOutage(error)) for (const { reject } of batch) reject(error)
      else await Promise.all(batch.map(runAlone))
    }
  }

  async function runAlone(entry: Waiting<Item, Result>): Promise<void> {
    try {
      settle([entry], await database[access]((session) => handler(session, [entry.item])))
    } catch (error) {
      entry.reject(error)
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= MAX_WAITING) {
        reject(new DatabaseError('overloaded', 'Too many requests are waiting'))
        return
      }
      waiting.push({ item, resolve, reject })
      start()
    })
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

function settle<Item, Result>(batch: Waiting<Item, Result>[], results: (Result | Error)[]): void {
  for (const [index, { resolve, reject }] of batch.entries()) {
    const result = results[index] as Result | Error
    if (result instanceof Error) reject(result)
    else resolve(result)
  }
}
