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
import { serverState } from '../models/server-state.ts'
import { transitionTaskRuns } from '../models/task-run-transitions.ts'
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

/** A run that a worker takes, with the ids of the transitions that makes. */
interface Taking {
  id: string
  pending: string
  /** Null when it is to be Pending only. */
  running: string | null
  /** Whether it is to run as a background task of a flow run that may be over. */
  deferred: boolean
}

/** What a run that was handed out belongs to. */
interface Given {
  expires: Timestamp
  claim: { id: string; left: number }
}

interface Taken {
  id: string
  is_yours: boolean
  /** The state, if the run is running now. */
  running?: { id: string; name: string; timestamp: string }
}

const WORKER = { generation: '3.8', version: undefined, api_version: undefined } as const

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
  #taken: (Taking & { claim: string | undefined })[] = []
  #window: number
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
      this.#look()
    }
    const timer = setInterval(round, ROUND_MS).unref()
    this.#peer.onFrame((text) => this.#receive(text))
    this.#peer.socket.once('close', () => {
      this.#isOver = true
      for (const end of unsubscribe) end()
      clearInterval(timer)
      clearTimeout(this.#deadline)
      if (!this.#isLooking) void this.#leave()
    })
    if (this.#worker.window !== undefined) this.#peer.send({ type: 'subscribed', window: this.#window })
    round()
  }

  #receive(text: string): void {
    const { type, take, window } = frameObject(text) ?? {}
    const takesMany = this.#worker.window !== undefined
    if (type === 'ack' && (takesMany || this.#given.size > 0)) {
      if (takesMany) this.#window = windowOf(window) ?? this.#window
      if (takesMany) for (const taking of takings(take)) this.#taken.push(this.#acknowledge(taking))
      else for (const id of this.#given.keys()) this.#acknowledge({ id })
      this.#look()
    } else if (type === 'quit') this.#peer.close(1000, '')
    else this.#peer.close(VIOLATION, "Protocol violation: expected 'ack' message")
  }

  #acknowledge<T extends { id: string }>(run: T): T & { claim: string | undefined } {
    const claim = this.#given.get(run.id)?.claim
    this.#given.delete(run.id)
    if (claim && --claim.left === 0) this.#settled.push(claim.id)
    return { ...run, claim: claim?.id }
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
    // Only now is it known what it has.
    if (this.#isOver) await this.#leave()
  }

  async #turn(): Promise<void> {
    const settled = this.#settled
    const taken = this.#taken
    this.#settled = []
    this.#taken = []
    const room = this.#window - this.#given.size
    if (settled.length + taken.length === 0 && room <= 0) return
    const takesMany = this.#worker.window !== undefined
    const claim = {
      id: this.#context.ids.ordered(),
      holder: this.#id,
      task_keys: this.#worker.keys,
      limit: room,
      expires: this.#context.clock.now() + CLAIM,
    }
    const done = await this.#write(async (session) => {
      const answers = await this.#take(session, taken)
      session.later(settleClaims(session, settled))
      const waiting = room > 0 ? await claimTaskRuns(session, claim) : []
      const ids = waiting.map(({ id }) => id)
      return { answers, ids, frames: takesMany ? [waiting] : await this.#whole(session, ids) }
    })
    if (!done) {
      // What could not be noted is noted with the next turn.
      this.#settled.unshift(...settled)
      this.#taken.unshift(...taken)
      return
    }
    const { answers, ids, frames } = done
    if (answers.length > 0) this.#peer.send({ type: 'taken', runs: answers })
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

  /** Makes the runs Pending, which only the first to ask for it can. The answers are in order. */
  async #take(session: Session, taken: readonly Taking[]): Promise<Taken[]> {
    if (taken.length === 0) return []
    const context = this.#context
    const propose = (type: 'PENDING' | 'RUNNING', { id, pending, running, deferred }: Taking) => {
      const isPending = type === 'PENDING'
      const transition_id = isPending ? pending : running
      const state_details = { deferred: isPending || deferred, transition_id, task_run_id: id }
      const state = serverState(type, context, { state_details })
      return { task_run_id: id, state, force: false, client: WORKER }
    }
    const pending = taken.map((taking) => propose('PENDING', taking))
    const starting = [...taken.keys()].filter((index) => taken[index]?.running)
    const running = starting.map((index) => ({
      ...propose('RUNNING', taken[index] as Taking),
      follows: index,
    }))
    const outcomes = await transitionTaskRuns(session, [...pending, ...running], context)
    const answers: Taken[] = taken.map(({ id }, index) => ({
      id,
      is_yours: outcomes[index]?.status === 'ACCEPT',
    }))
    for (const [place, index] of starting.entries()) {
      const { status, state } = outcomes[pending.length + place] ?? {}
      if (status !== 'ACCEPT' || !state) continue
      const { id, name, timestamp } = state
      ;(answers[index] as Taken).running = { id, name, timestamp: formatTimestamp(timestamp) }
    }
    return answers
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

  async #leave(): Promise<void> {
    const left = new Map([...this.#given].map(([id, { claim }]) => [id, claim.id]))
    for (const { id, claim } of this.#taken) if (claim !== undefined) left.set(id, claim)
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
      this.#context.logger.error({ err: error }, 'the queue of background task runs cannot be reached')
      return undefined
    }
  }
}
