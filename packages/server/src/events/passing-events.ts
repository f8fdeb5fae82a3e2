import { FLOW_RUN_INPUT_CREATED } from '@reeve/schemas/passing-events'
import type { Context } from '../context.ts'
import { finalStateEvents } from '../models/final-state-events.ts'
import { inputEvent } from '../models/flow-run-inputs.ts'
import { readTaskRunsById } from '../models/task-runs.ts'

const TASK_RUN = 'prefect.task-run.'
/** As many as one statement asks for. */
const MOST_AT_ONCE = 250

type Names = readonly string[] | null | undefined

/** Whether events with one of these names may tell of the end of a task run. */
export function namesTaskRuns(names: Names): boolean {
  return names?.some((name) => name.startsWith(TASK_RUN)) ?? false
}

/** Whether one of these names is that of events that pass. */
export function namesPassing(names: Names): boolean {
  return namesTaskRuns(names) || (names?.includes(FLOW_RUN_INPUT_CREATED) ?? false)
}

/**
 * Tells, by events that are not stored, of task runs which the server's own rules brought to an end, of which no
 * client sends events, and of inputs of flow runs. Only while somebody follows is anything read.
 */
export class PassingEvents {
  readonly #context: Context
  #followers = 0
  #unsubscribe: (() => void)[] = []
  #ended = new Set<string>()
  #isReading = false

  constructor(context: Context) {
    this.#context = context
  }

  /** Returns what ends it. */
  follow(): () => void {
    if (this.#followers++ === 0) this.#begin()
    return () => {
      if (--this.#followers > 0) return
      for (const end of this.#unsubscribe) end()
      this.#ended.clear()
    }
  }

  #begin(): void {
    const { bus, clock, ids } = this.#context
    const gather = (id: string) => this.#gather(id)
    const tellInput = (id: string) => bus.publish('passingEvent', [inputEvent(id, { clock, ids })])
    this.#unsubscribe = [
      bus.subscribe('finishedTaskRun', gather),
      bus.subscribe('finishedElsewhere', gather),
      bus.subscribe('flowRunInput', tellInput),
      bus.subscribe('inputElsewhere', tellInput),
    ]
    bus.publish('watchBegun', null)
  }

  #gather(id: string): void {
    this.#ended.add(id)
    if (!this.#isReading) void this.#read()
  }

  async #read(): Promise<void> {
    this.#isReading = true
    // What ends in one commit is read in one go.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#ended.size > 0) {
      const ids = [...this.#ended].slice(0, MOST_AT_ONCE)
      for (const id of ids) this.#ended.delete(id)
      await this.#tell(ids)
    }
    this.#isReading = false
  }

  async #tell(ids: readonly string[]): Promise<void> {
    const { bus, clock, database, logger } = this.#context
    try {
      const runs = await database.read((session) => readTaskRunsById(session, ids))
      for (const run of runs.values()) {
        const events = finalStateEvents(run, clock.now())
        if (events.length > 0) bus.publish('passingEvent', events)
      }
    } catch (error) {
      logger.error({ err: error }, 'the ends of task runs cannot be told')
      // Who comes back is told of what ended meanwhile.
      bus.publish('missedElsewhere', null)
    }
  }
}
