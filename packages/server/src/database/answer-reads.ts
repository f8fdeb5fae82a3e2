import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { MessagePort } from 'node:worker_threads'

/** What the thread is asked: a statement, and how long it may run. */
export interface Question {
  sql: string
  parameters: readonly unknown[]
  milliseconds: number
}

export interface RawRows {
  columns: string[]
  rows: unknown[][]
}

/**
 * Rows as lists of values; or an error as the fields of it that tell what happened. The first, which nobody
 * asked for, says that the thread is ready.
 */
export type Reply = RawRows | { error: { message: string; errcode: number | undefined; late: boolean } }

/**
 * A thread with a handle of its own on the file: it answers one statement after the other. It may go by its own text,
 * so it uses nothing but what it is given, and has no functions but methods: bundlers wrap others to keep their names.
 */
export function answerReads(
  sqlite: { DatabaseSync: typeof DatabaseSync },
  thread: { parentPort: MessagePort | null; workerData: { path: string } },
): void {
  const PREPARED_STATEMENTS = 200
  const { parentPort } = thread
  const { path } = thread.workerData
  const db = new sqlite.DatabaseSync(path, { readOnly: true, timeout: 5000 })
  db.exec('pragma cache_size = -32768; pragma temp_store = memory')
  const prepared = new Map<string, { statement: StatementSync; columns: string[] }>()
  let until = Infinity
  // Called by a statement now and then, for there is no other way to end it.
  db.function('in_time', () => {
    if (performance.now() > until) throw new Error('too late')
    return 1
  })

  const reads = {
    prepare(sql: string) {
      let found = prepared.get(sql)
      if (!found) {
        if (prepared.size >= PREPARED_STATEMENTS) prepared.delete(prepared.keys().next().value as string)
        const statement = db.prepare(sql)
        statement.setReturnArrays(true)
        found = { statement, columns: statement.columns().map(({ name }) => name) }
        prepared.set(sql, found)
      }
      return found
    },
    answer(question: Question): Reply {
      until = performance.now() + question.milliseconds
      try {
        const { statement, columns } = reads.prepare(question.sql)
        const rows = statement.all(...(question.parameters as [])) as unknown as unknown[][]
        return { columns, rows }
      } catch (error) {
        const { message, errcode } = error as { message: string; errcode?: number }
        return { error: { message, errcode, late: performance.now() > until } }
      }
    },
  }

  parentPort?.on('message', (question: Question) => parentPort?.postMessage(reads.answer(question)))
  parentPort?.postMessage({ columns: [], rows: [] } satisfies Reply)
}
