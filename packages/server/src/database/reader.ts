import { existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { answerReads, type Question, type Reply } from './answer-reads.ts'
import { DatabaseError } from './errors.ts'

interface Asked {
  resolve: (reply: Reply) => void
  reject: (error: unknown) => void
}

/** The build puts the thread beside the chunk that this file ends in. */
const THREAD = import.meta.url.endsWith('.ts') ? './reader-thread.ts' : './reader-thread.js'

/** Who bundles a program of his own into one file leaves the thread's behind; it goes by its text then. */
function startThread(path: string): Worker {
  const file = new URL(THREAD, import.meta.url)
  const options = { workerData: { path }, execArgv: [] }
  if (existsSync(file)) return new Worker(file, options)
  const text = `(${answerReads})(require('node:sqlite'), require('node:worker_threads'))`
  return new Worker(text, { ...options, eval: true })
}

/** One thread with a handle of its own on a SQLite file; it answers one question at a time. */
export class Reader {
  readonly #worker: Worker
  /** Resolves, with the reader itself, when it can be asked. */
  readonly ready: Promise<Reader>
  #asked: Asked | undefined

  constructor(path: string, onGone: (reader: Reader) => void) {
    this.#worker = startThread(path)
    // A thread that has nothing to do does not keep the process.
    this.#worker.unref()
    const { promise, resolve, reject } = Promise.withResolvers<Reader>()
    this.ready = promise
    this.ready.catch(() => {})
    this.#asked = { resolve: () => resolve(this), reject }
    this.#worker.on('message', (reply: Reply) => this.#settle(({ resolve }) => resolve(reply)))
    this.#worker.on('error', (error) => this.#fail(error))
    this.#worker.on('exit', () => {
      this.#fail()
      onGone(this)
    })
  }

  ask(question: Question): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#asked = { resolve, reject }
      this.#worker.postMessage(question)
    })
  }

  /** Resolves when the thread has ended, which may take as long as the statement that it is in. */
  async stop(): Promise<void> {
    await this.#worker.terminate()
  }

  #fail(cause?: unknown): void {
    this.#settle(({ reject }) => reject(new DatabaseError('unavailable', 'A reader ended', cause)))
  }

  #settle(tell: (asked: Asked) => void): void {
    const asked = this.#asked
    this.#asked = undefined
    if (asked) tell(asked)
  }
}
