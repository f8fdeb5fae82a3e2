import type { State } from '@reeve/orchestration/types'
import { Uuid } from '@reeve/schemas/scalars'
import { formatTimestamp, type Timestamp } from '@reeve/schemas/time'
import type { Context } from '../context.ts'
import type { Session } from '../database/session.ts'
import { claimTaskRuns, releaseClaims, releaseLostClaims, settleClaims } from '../models/task-run-claims.ts'
import {
  forgetAllTaskWorkers,
  forgetLostTaskWorkers,
  forgetTaskWorker,
  observeTaskWorker,
} from '../models/task-workers.ts'
import type { TaskRunRecord } from '../models/records.ts'
import type { Taking } from '../models/task-run-takes.ts'
import { readTaskRunsById } from '../models/task-runs.ts'
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
    await releaseLostClaims(session, context)
    await forgetAllTaskWorkers(session)
  })
}

/**
 * `/task_runs/subscriptions/scheduled`: gives a worker one run after the other, each after the last's ack. A
 * worker that subscribes with a `window` gets lists of `WaitingTaskRun`, as many as it has room for; each of its
 * acks may set another window. It acknowledges runs by `take`, with a transition id for each: that makes them
 * Pending and, with a second id, Running, and the answer says which of them are now its own.
 */
export function deliverTaskRuns(peer: Peer, context: Context, printers: Printers): void {
  const violation = (expected: string) => peer.close(VIOLATION, `Protocol violation: expected ${expected}`)
  peer.onceFrame((text) => {
    const { type, keys, client_id: identifier, window } = frameObject(text) ?? {}
    if (type !== 'subscribe') return violation("'subscribe' message")
    if (!Array.isArray(keys) || keys.length === 0) return violation("'keys' in subscribe message")
    if (!identifier) return violation("'client_id' in subscribe message")
    const worker = {
      identifier: String(identifier),
      keys: [...new Set(keys.map(String))],
      window: windowOf(window),
    }
    new Delivery(peer, context, printers, worker).start()
  })
}

interface Worker {
  identifier: string
  keys: readonly string[]
  /** Undefined for workers that take one run at a time. */
  window: number | undefined
}

/** Runs that one worker may hold without having acknowledged them. */
const LARGEST_WINDOW = 1000

function windowOf(value: unknown): number | undefined {
  return Number.isInteger(value) ? Math.min(Math.max(value as number, 0), LARGEST_WINDOW) : undefined
}

/** What a run that was handed out belongs to. */
interface Given {
  expires: Timestamp
  claim: { id: string; left: number }
}

/** What the worker is told of a run that it takes. */
interface TakenFrame {
  id: string
  is_yours: boolean
  /** The state, if the run is running now. */
  running?: { id: string; name: string; timestamp: string }
}

function takings(value: unknown): Taking[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((taking: unknown) => {
    const [id, pending, running, deferred] = Array.isArray(taking) ? (taking as unknown[]) : []
    if (!isUuid(id) || !isUuid(pending)) return []
    return [{ id, pending, running: isUuid(running) ? running : null, deferred: deferred === true }]
  })
}

const isUuid = (value: unknown): value is string => Uuid.safeParse(value).success

class Delivery {
  readonly #peer: Peer
  readonly #context: Context
  readonly #id: string
  readonly #printers: Printers
  readonly #worker: Worker
  /** The runs that the worker was given and has not acknowledged. */
  readonly #given = new Map<string, Given>()
  /** Claims of which it has acknowledged all runs. */
  #settled: string[] = []
  /** The runs that it takes, while that is not done. */
  readonly #taking = new Map<string, { taking: Taking; given: Given | undefined; isAsked: boolean }>()
  #answers: TakenFrame[] = []
  #window: number
  #deadline: NodeJS.Timeout | undefined
  #isOver = false
  #hasLeft = false
  #isLooking = false
  #lookAgain = false

  constructor(peer: Peer, context: Context, printers: Printers, worker: Worker) {
    this.#peer = peer
    this.#context = context
    this.#id = context.ids.random()
    this.#printers = printers
    this.#worker = worker
    this.#window = worker.window ?? 1
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
      for (const [id, { isAsked }] of this.#taking) if (!isAsked) void this.#take(id)
      this.#look()
    }
    const timer = setInterval(round, ROUND_MS).unref()
    this.#peer.onFrame((text) => this.#receive(text))
    this.#peer.socket.once('close', () => {
      this.#isOver = true
      for (const end of unsubscribe) end()
      clearInterval(timer)
      clearTimeout(this.#deadline)
      void this.#leaveWhenStill()
    })
    if (this.#worker.window !== undefined) this.#peer.send({ type: 'subscribed', window: this.#window })
    round()
  }

  #receive(text: string): void {
    const { type, take, window } = frameObject(text) ?? {}
    const takesMany = this.#worker.window !== undefined
    if (type === 'ack' && (takesMany || this.#given.size > 0)) {
      if (takesMany) this.#window = windowOf(window) ?? this.#window
      if (takesMany) for (const taking of takings(take)) this.#beginTaking(taking)
      else for (const [id, given] of this.#given) this.#acknowledge(id, given)
      this.#look()
    } else if (type === 'quit') this.#peer.close(1000, '')
    else this.#peer.close(VIOLATION, "Protocol violation: expected 'ack' message")
  }

  #acknowledge(id: string, { claim }: Given): void {
    this.#given.delete(id)
    if (--claim.left > 0) return
    this.#settled.push(claim.id)
    this.#look()
  }

  #beginTaking(taking: Taking): void {
    const { id } = taking
    this.#taking.set(id, { taking, given: this.#given.get(id), isAsked: false })
    this.#given.delete(id)
    void this.#take(id)
  }

  /** Makes the run the worker's own, and tells it; if the database cannot serve now, in a later round. */
  async #take(id: string): Promise<void> {
    const entry = this.#taking.get(id)
    if (!entry) return
    entry.isAsked = true
    try {
      const { isTaken, running } = await this.#context.hotPath.takeTaskRun(entry.taking)
      this.#taking.delete(id)
      if (entry.given) this.#acknowledge(id, entry.given)
      this.#answer({ id, is_yours: isTaken, ...(running && { running: runningFrame(running) }) })
    } catch (error) {
      entry.isAsked = false
      this.#complain(error)
    }
    if (this.#isOver) void this.#leaveWhenStill()
  }

  /** What is answered within one turn of the event loop leaves in one frame. */
  #answer(answer: TakenFrame): void {
    if (this.#answers.push(answer) > 1) return
    setImmediate(() => {
      const runs = this.#answers
      this.#answers = []
      this.#peer.send({ type: 'taken', runs })
    })
  }

  /** Notes what was acknowledged and looks for more, as far as the window has room; one look at a time. */
  #look(): void {
    this.#lookAgain = true
    if (!this.#isLooking) void this.#lookUntilStill()
  }

  async #lookUntilStill(): Promise<void> {
    this.#isLooking = true
    while (this.#lookAgain && !this.#isOver) {
      this.#lookAgain = false
      await this.#turn()
    }
    this.#isLooking = false
    if (this.#isOver) void this.#leaveWhenStill()
  }

  async #turn(): Promise<void> {
    const settled = this.#settled
    this.#settled = []
    const room = this.#window - this.#given.size
    if (settled.length === 0 && room <= 0) return
    const takesMany = this.#worker.window !== undefined
    const claim = {
      id: this.#context.ids.ordered(),
      holder: this.#id,
      task_keys: this.#worker.keys,
      limit: room,
      expires: this.#context.clock.now() + CLAIM,
    }
    const done = await this.#write(async (session) => {
      session.later(settleClaims(session, settled))
      const waiting = room > 0 ? await claimTaskRuns(session, claim) : []
      const ids = waiting.map(({ id }) => id)
      return { ids, frames: takesMany ? [waiting] : await this.#whole(session, ids) }
    })
    if (!done) {
      // What could not be noted is noted with the next turn.
      this.#settled.unshift(...settled)
      return
    }
    const { ids, frames } = done
    if (ids.length === 0) return
    const given = { expires: claim.expires, claim: { id: claim.id, left: ids.length } }
    for (const id of ids) this.#given.set(id, given)
    for (const frame of frames) this.#peer.send(frame)
    this.#expectAcks()
  }

  /** The runs as the API prints them, for workers that go by the contract. */
  async #whole(session: Session, ids: readonly string[]): Promise<unknown[]> {
    if (ids.length === 0) return []
    const runs = await readTaskRunsById(session, ids)
    const now = this.#context.clock.now()
    return ids.map((id) => this.#printers.taskRun(runs.get(id) as TaskRunRecord, now))
  }

  /** Ends the connection of a worker that does not acknowledge in time. */
  #expectAcks(): void {
    clearTimeout(this.#deadline)
    const [oldest] = this.#given.values()
    if (oldest === undefined) return
    const { clock } = this.#context
    const check = () => {
      const [still] = this.#given.values()
      if (still !== undefined && still.expires <= clock.now()) this.#peer.socket.terminate()
      else this.#expectAcks()
    }
    this.#deadline = setTimeout(check, Math.max((oldest.expires - clock.now()) / 1000, 100)).unref()
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
      await releaseLostClaims(session, this.#context, heard)
    })
  }

  /** Only when nothing is under way is it known which runs are left. */
  async #leaveWhenStill(): Promise<void> {
    for (const { isAsked } of this.#taking.values()) if (isAsked) return
    if (this.#isLooking || this.#hasLeft) return
    this.#hasLeft = true
    const left = new Map<string, string>()
    for (const [id, { claim }] of this.#given) left.set(id, claim.id)
    for (const [id, { given }] of this.#taking) if (given) left.set(id, given.claim.id)
    await this.#write(async (session) => {
      await releaseClaims(session, this.#id, left, this.#context)
      await forgetTaskWorker(session, this.#id)
    })
  }

  /** A database that cannot serve now is tried again in the next round; a claim expires by itself. */
  async #write<T>(work: (session: Session) => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#context.database.write(work)
    } catch (error) {
      this.#complain(error)
      return undefined
    }
  }

  #complain(error: unknown): void {
    this.#context.logger.error({ err: error }, 'the queue of background task runs cannot be reached')
  }
}

function runningFrame({ id, name, timestamp }: State) {
  return { id, name, timestamp: formatTimestamp(timestamp) }
}
