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

/** On PostgreSQL one batch gathers while another is on its way. */
const CONCURRENT = { sqlite: 1, postgres: 1 } as const
const LARGEST_BATCH = 256
const MAX_WAITING = 20_000

/**
 * Turns a function over many items into one over a single item, whose calls share transactions: whatever
 * waits when a transaction begins goes into it. When a batch fails as a whole, each item is tried alone, so
 * that one bad item never spoils another.
 */
export function batched<Item, Result>(
  database: Database,
  handler: BatchHandler<Item, Result>,
): Batched<Item, Result> {
  let waiting: Waiting<Item, Result>[] = []
  let running = 0

  function start(): void {
    if (running >= CONCURRENT[database.dialect] || waiting.length === 0) return
    running++
    void run().finally(() => {
      running--
      start()
    })
  }

  async function run(): Promise<void> {
    let batch: Waiting<Item, Result>[] = []
    try {
      const results = await database.write((session) => {
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
      settle([entry], await database.write((session) => handler(session, [entry.item])))
    } catch (error) {
      entry.reject(error)
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= MAX_WAITING) {
        reject(new DatabaseError('overloaded', 'Too many writes are waiting'))
        return
      }
      waiting.push({ item, resolve, reject })
      start()
    })
}

function settle<Item, Result>(batch: Waiting<Item, Result>[], results: (Result | Error)[]): void {
  for (const [index, { resolve, reject }] of batch.entries()) {
    const result = results[index] as Result | Error
    if (result instanceof Error) reject(result)
    else resolve(result)
  }
}
