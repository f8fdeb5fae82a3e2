import type { Context } from '../context.ts'
import type { Session } from '../database/session.ts'
import {
  acknowledgeTaskRun,
  claimTaskRun,
  releaseAllClaims,
  releaseClaims,
} from '../models/task-run-queue.ts'
import {
  forgetAllTaskWorkers,
  forgetLostTaskWorkers,
  forgetTaskWorker,
  observeTaskWorker,
} from '../models/task-workers.ts'
import { frameObject } from './peer.ts'
import type { Peer } from './peer.ts'
import type { Printers } from './printers.ts'

const VIOLATION = 4001
const SECOND = 1_000_000
/** A worker that does not acknowledge a run for so long is taken for lost. */
const CLAIM = 60 * SECOND
/** How often a waiting worker is noted as connected, and looks for runs that it was not told of. */
const ROUND_MS = 5000

/** Puts back what workers of an earlier life of this server had in hand, when it is the only one. */
export async function forgetEarlierWorkers(context: Context): Promise<void> {
  if (!context.database.exclusive) return
  await context.database.write(async (session) => {
    await releaseAllClaims(session, context)
    await forgetAllTaskWorkers(session)
  })
}

/** `/task_runs/subscriptions/scheduled`: gives a worker one run after the other, each after the last's ack. */
export function deliverTaskRuns(peer: Peer, context: Context, printers: Printers): void {
  const violation = (expected: string) => peer.close(VIOLATION, `Protocol violation: expected ${expected}`)
  peer.onceFrame((text) => {
    const { type, keys, client_id: identifier } = frameObject(text) ?? {}
    if (type !== 'subscribe') return violation("'subscribe' message")
    if (!Array.isArray(keys) || keys.length === 0) return violation("'keys' in subscribe message")
    if (!identifier) return violation("'client_id' in subscribe message")
    const worker = { identifier: String(identifier), keys: keys.map(String) }
    new Delivery(peer, context, printers, worker).start()
  })
}

interface Worker {
  identifier: string
  keys: readonly string[]
}

class Delivery {
  readonly #peer: Peer
  readonly #context: Context
  readonly #id: string
  readonly #printers: Printers
  readonly #worker: Worker
  /** The run that the worker was given and has not acknowledged. */
  #given: string | undefined
  #deadline: NodeJS.Timeout | undefined
  #isOver = false
  #isLooking = false
  #lookAgain = false

  constructor(peer: Peer, context: Context, printers: Printers, worker: Worker) {
    this.#peer = peer
    this.#context = context
    this.#id = context.ids.random()
    this.#printers = printers
    this.#worker = worker
  }

  start(): void {
    const keys = new Set(this.#worker.keys)
    const look = ({ task_key }: { task_key: string }) => {
      if (keys.has(task_key)) this.#look()
    }
    const { bus } = this.#context
    const unsubscribe = [bus.subscribe('scheduledTaskRun', look), bus.subscribe('scheduledElsewhere', look)]
    const round = () => {
      this.#observe()
      this.#look()
    }
    const timer = setInterval(round, ROUND_MS).unref()
    this.#peer.onFrame((text) => this.#receive(text))
    this.#peer.socket.once('close', () => {
      this.#isOver = true
      for (const end of unsubscribe) end()
      clearInterval(timer)
      clearTimeout(this.#deadline)
      void this.#leave()
    })
    round()
  }

  #receive(text: string): void {
    const type = frameObject(text)?.['type']
    const given = this.#given
    if (type === 'ack' && given !== undefined) {
      clearTimeout(this.#deadline)
      this.#write((session) => acknowledgeTaskRun(session, this.#id, given)).then(() => {
        this.#given = undefined
        this.#look()
      })
    } else if (type === 'quit') this.#peer.close(1000, '')
    else this.#peer.close(VIOLATION, "Protocol violation: expected 'ack' message")
  }

  /** Looks for the next run, unless the worker has one in hand; one look at a time. */
  #look(): void {
    this.#lookAgain = true
    if (!this.#isLooking) void this.#claimNext()
  }

  async #claimNext(): Promise<void> {
    this.#isLooking = true
    while (this.#lookAgain && this.#given === undefined && !this.#isOver) {
      this.#lookAgain = false
      await this.#claimOne()
    }
    this.#isLooking = false
  }

  async #claimOne(): Promise<void> {
    const now = this.#context.clock.now()
    const claim = { id: this.#id, task_keys: this.#worker.keys, now, expires: now + CLAIM }
    const taskRun = await this.#write((session) => claimTaskRun(session, claim))
    if (!taskRun) return
    this.#given = taskRun.id
    // The socket may have closed, and put back its claims, before this one was made.
    if (this.#isOver) return this.#leave()
    this.#peer.send(this.#printers.taskRun(taskRun, now))
    this.#deadline = setTimeout(() => this.#peer.socket.terminate(), CLAIM / 1000).unref()
  }

  #observe(): void {
    const heard = this.#context.clock.now()
    const worker = {
      id: this.#id,
      identifier: this.#worker.identifier,
      task_keys: [...this.#worker.keys],
      heard,
    }
    void this.#write(async (session) => {
      await observeTaskWorker(session, worker)
      await forgetLostTaskWorkers(session, heard)
    })
  }

  async #leave(): Promise<void> {
    await this.#write(async (session) => {
      await releaseClaims(session, this.#id, this.#context)
      await forgetTaskWorker(session, this.#id)
    })
  }

  /** A database that cannot serve now is tried again in the next round; a claim expires by itself. */
  async #write<T>(work: (session: Session) => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#context.database.write(work)
    } catch (error) {
      this.#context.logger.error({ err: error }, 'the queue of background task runs cannot be reached')
      return undefined
    }
  }
}
