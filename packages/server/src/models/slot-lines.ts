import type { ModelContext } from '../context.ts'
import type { Database } from '../database/database.ts'
import { releaseLease } from './leases.ts'
import { full, SlotLine } from './slot-line.ts'
import type { PatientRequest } from './slot-line.ts'
import { incrementSlots } from './slots.ts'
import type { SlotAnswer, SlotRequest } from './slots.ts'

const MOST_WAITING = 10_000

/** Who waits for slots on this server, in a line for each set of limits that is asked for. */
export class SlotLines {
  readonly #database: Database
  readonly #context: ModelContext
  readonly #lines = new Map<string, { names: readonly string[]; line: SlotLine }>()
  #waiting = 0
  #isClosed = false
  #unsubscribe: (() => void)[] = []

  constructor(database: Database, context: ModelContext) {
    this.#database = database
    this.#context = context
  }

  /** Takes the slots as soon as those who came before have theirs, or says why not. */
  async ask(patient: PatientRequest): Promise<SlotAnswer> {
    if (this.#isClosed || this.#waiting >= MOST_WAITING) return full(1)
    const { names } = patient.request
    const key = JSON.stringify(names.toSorted())
    const { line } = this.#lines.get(key) ?? this.#open(key, names)
    this.#waiting++
    return line.ask(patient).finally(() => this.#waiting--)
  }

  /** Refuses all who wait, and all who come. */
  close(): void {
    this.#isClosed = true
    for (const { line } of this.#lines.values()) line.close()
  }

  #open(key: string, names: readonly string[]) {
    const line = new SlotLine({
      decide: (requests) => this.#decide(requests),
      giveBack: (answer) => void this.#giveBack(answer),
      onEmpty: () => {
        if (this.#lines.delete(key) && this.#lines.size === 0) this.#endListening()
      },
    })
    const opened = { names, line }
    this.#lines.set(key, opened)
    if (this.#lines.size === 1) this.#listen()
    return opened
  }

  #listen(): void {
    const { bus } = this.#context
    const freed = (name: string) => {
      for (const { names, line } of this.#lines.values()) if (names.includes(name)) line.look()
    }
    const missed = () => {
      for (const { line } of this.#lines.values()) line.look()
    }
    this.#unsubscribe = [
      bus.subscribe('freedSlots', freed),
      bus.subscribe('freedElsewhere', freed),
      bus.subscribe('missedElsewhere', missed),
    ]
  }

  #endListening(): void {
    for (const end of this.#unsubscribe) end()
  }

  #decide(requests: readonly SlotRequest[]): Promise<SlotAnswer[]> {
    return this.#database.write(async (session) => {
      const answers: SlotAnswer[] = []
      for (const request of requests) {
        answers.push(await incrementSlots(session, request, this.#context))
        if (answers.at(-1)?.outcome === 'full') break
      }
      return answers
    })
  }

  /** Should that fail, the lease ends by itself. */
  async #giveBack(answer: SlotAnswer): Promise<void> {
    if (answer.outcome !== 'taken' || answer.lease_id === null) return
    const { lease_id } = answer
    await this.#database.write((session) => releaseLease(session, lease_id, this.#context)).catch(() => {})
  }
}
