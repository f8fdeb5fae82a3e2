/** For so long the server's word that a flow run is running lets its next task run begin. */
const LASTS_MS = 100

/** What the server last said of the state of a flow run that is carried out here. */
export class Standing {
  #heard = Number.NEGATIVE_INFINITY

  hear(stateType: string | null): void {
    this.#heard = stateType === 'RUNNING' ? performance.now() : Number.NEGATIVE_INFINITY
  }

  /** Whether the flow run is running, as far as was said just now. */
  get isRunning(): boolean {
    return performance.now() - this.#heard < LASTS_MS
  }
}
