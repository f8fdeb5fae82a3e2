import { AssertionError, deepStrictEqual } from 'node:assert'
import type { Future } from '../engine/future.ts'
import type { Runtime } from '../engine/runtime.ts'
import type { ReeveClient } from '../with-server.ts'

/** A run: what `submit` gave, or its id. */
export type RunReference = string | Future<unknown>

/** A task run as tests look at it. */
export interface SeenTaskRun {
  id: string
  name: string
  /** Names of all its states, oldest first. */
  states: string[]
}

const PAGE = 200

/** Reads what became of runs, and fails with the difference when that is not what was expected. */
export class RunLog {
  readonly #client: ReeveClient
  readonly #runtime: Runtime

  constructor(client: ReeveClient, runtime: Runtime) {
    this.#client = client
    this.#runtime = runtime
  }

  async states(run: RunReference): Promise<string[]> {
    const id = await idOf(run)
    const ofFlow = await this.#client.readFlowRunStates({ query: { flow_run_id: id } })
    const states =
      ofFlow.length > 0 ? ofFlow : await this.#client.readTaskRunStates({ query: { task_run_id: id } })
    return states.map(({ name }) => name)
  }

  async taskRuns(flowRun: RunReference): Promise<SeenTaskRun[]> {
    const any_ = [await idOf(flowRun)]
    const seen: SeenTaskRun[] = []
    for (let offset = 0; ; offset += PAGE) {
      const runs = await this.#client.filterTaskRuns({
        body: { flow_runs: { id: { any_ } }, sort: 'EXPECTED_START_TIME_ASC', offset, limit: PAGE },
      })
      for (const { id, name } of runs) seen.push({ id, name, states: await this.states(id) })
      if (runs.length < PAGE) return seen
    }
  }

  async logs(run: RunReference): Promise<string[]> {
    await this.#runtime.logs.flush()
    const any_ = [await idOf(run)]
    const messages: string[] = []
    for (const logs of [{ flow_run_id: { any_ } }, { task_run_id: { any_ } }]) {
      for (let offset = 0; ; offset += PAGE) {
        const page = await this.#client.filterLogs({
          body: { logs, sort: 'TIMESTAMP_ASC', offset, limit: PAGE },
        })
        messages.push(...page.map(({ message }) => message))
        if (page.length < PAGE) break
      }
    }
    return messages
  }

  async expectStates(run: RunReference, names: readonly string[]): Promise<void> {
    deepStrictEqual(await this.states(run), [...names])
  }

  async expectLogs(run: RunReference, expected: readonly (string | RegExp)[]): Promise<void> {
    const messages = await this.logs(run)
    let from = 0
    for (const one of expected) {
      const found = messages.findIndex((message, i) => i >= from && matches(message, one))
      if (found === -1) {
        const seen = messages.map((message, i) => `${i < from ? ' ' : '>'} ${message}`).join('\n')
        throw new AssertionError({
          message: `No log record matches ${one} here or below:\n${seen}`,
          actual: messages,
          expected,
          operator: 'expectLogs',
        })
      }
      from = found + 1
    }
  }
}

function matches(message: string, expected: string | RegExp): boolean {
  return typeof expected === 'string' ? message.includes(expected) : expected.test(message)
}

async function idOf(run: RunReference): Promise<string> {
  return typeof run === 'string' ? run : run.runId
}
