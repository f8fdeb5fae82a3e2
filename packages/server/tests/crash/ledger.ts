import type { StateRow } from '../helpers/run-invariants.ts'

interface Entry {
  /** Ids of the states that the server said were written, in the order it said so. */
  acknowledged: string[]
  /** Requests of which nobody knows what became. */
  unanswered: number
}

/** What the clients were told, to be compared with what is stored. */
export class Ledger {
  readonly #runs = new Map<string, Entry>()
  readonly #complaints: string[] = []
  #writes = 0

  get writes(): number {
    return this.#writes
  }

  acknowledge(runId: string, stateId: string): void {
    this.#writes++
    this.#entry(runId).acknowledged.push(stateId)
  }

  /** Keeps what no client should have been told. */
  complain(text: string): void {
    this.#complaints.push(text)
  }

  doubt(runId: string): void {
    this.#entry(runId).unanswered++
  }

  /** Every run that was acknowledged and is missing, lost a state, or has one that nobody asked for. */
  faults(stored: ReadonlyMap<string, { states: readonly StateRow[] }>): string[] {
    const faults = [...this.#complaints]
    for (const [runId, { acknowledged, unanswered }] of this.#runs) {
      const ids = stored.get(runId)?.states.map(({ id }) => id) ?? []
      let position = -1
      for (const id of acknowledged) {
        const found = ids.indexOf(id, position + 1)
        if (found < 0) faults.push(`run ${runId}: state ${id} was acknowledged and is not in its place`)
        else position = found
      }
      const extra = ids.length - acknowledged.length
      if (extra > unanswered) faults.push(`run ${runId}: ${extra} states that nobody asked for`)
    }
    return faults
  }

  #entry(runId: string): Entry {
    let entry = this.#runs.get(runId)
    if (!entry) this.#runs.set(runId, (entry = { acknowledged: [], unanswered: 0 }))
    return entry
  }
}
