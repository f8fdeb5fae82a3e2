import type { EngineApi } from '../../src/engine/api.ts'
import { runtimeOver } from '../../src/engine/connect.ts'
import { runInScope } from '../../src/engine/scope.ts'
import { memoryStorage } from '../../src/results/memory-storage.ts'
import { readSettings } from '../../src/settings.ts'

interface StoredState {
  id: string
  type: string
  name: string
  timestamp: string
  message: string | null
  data: unknown
  state_details: { [key: string]: unknown }
}

interface StoredRun {
  id: string
  name: string
  state: StoredState
  states: string[]
  run_count: number
  [field: string]: unknown
}

/** A stand-in for the server: it keeps runs, grants retries, and remembers what it was asked. */
export class FakeApi {
  readonly url = 'http://fake.invalid/api'
  readonly flowRuns = new Map<string, StoredRun>()
  readonly taskRuns = new Map<string, StoredRun>()
  readonly logs: { message: string; level: number; flow_run_id?: unknown; task_run_id?: unknown }[] = []
  readonly cache = new Map<string, StoredState>()
  readonly events: unknown[] = []
  calls = 0

  createFlow = async ({ body }: { body: { name: string } }) => ({ id: body.name })

  createFlowRun = async ({ body }: { body: Record<string, unknown> }) =>
    this.#insert(this.flowRuns, 'flow', body)

  createTaskRun = async ({ body }: { body: Record<string, unknown> }) => {
    const same = [...this.taskRuns.values()].find(
      (run) =>
        run.flow_run_id === body.flow_run_id &&
        run.task_key === body.task_key &&
        run.dynamic_key === body.dynamic_key,
    )
    return same ?? this.#insert(this.taskRuns, 'task', body)
  }

  filterFlowRuns = async ({ body }: { body: { flow_runs: { parent_task_run_id: { any_: string[] } } } }) =>
    [...this.flowRuns.values()].filter((run) =>
      body.flow_runs.parent_task_run_id.any_.includes(run.parent_task_run_id as string),
    )

  readFlowRun = async ({ params }: { params: { id: string } }) => this.flowRuns.get(params.id)!

  setFlowRunState = async (input: SetState) => this.#setState(this.flowRuns, input)

  setTaskRunState = async (input: SetState) => this.#setState(this.taskRuns, input)

  createLogs = async ({ body }: { body: { message: string; level: number }[] }) =>
    void this.logs.push(...body)

  createEvents = async ({ body }: { body: unknown[] }) => void this.events.push(...body)

  taskRun(name: string): StoredRun {
    const run = [...this.taskRuns.values()].find((each) => each.name === name)
    if (!run)
      throw new Error(`no task run ${name} among ${[...this.taskRuns.values()].map((each) => each.name)}`)
    return run
  }

  get onlyFlowRun(): StoredRun {
    if (this.flowRuns.size !== 1) throw new Error(`${this.flowRuns.size} flow runs`)
    return [...this.flowRuns.values()][0]!
  }

  #insert(runs: Map<string, StoredRun>, kind: string, body: Record<string, unknown>): StoredRun {
    this.calls++
    const id = (body.id as string | null | undefined) ?? crypto.randomUUID()
    const state = stateFrom({ type: 'PENDING' })
    const name = (body.name as string | null) ?? `${kind}-${runs.size}`
    const run = { parameters: {}, tags: [], ...body, id, name, state, states: ['Pending'], run_count: 0 }
    runs.set(id, run)
    return structuredClone(run)
  }

  #setState(runs: Map<string, StoredRun>, { params, body }: SetState) {
    this.calls++
    const run = runs.get(params.id)!
    const proposed = stateFrom(body.state)
    const details = proposed.state_details
    if (proposed.type === 'RUNNING') {
      const hit = details.refresh_cache || body.force ? undefined : this.cache.get(String(details.cache_key))
      if (hit) return this.#write(run, { ...hit, name: 'Cached' }, 'REJECT')
      run.run_count++
    }
    const policy = (run.empirical_policy ?? {}) as { retries?: number; retry_delay?: number | number[] }
    const mayRetry =
      proposed.type === 'FAILED' && details.retriable !== false && run.run_count <= (policy.retries ?? 0)
    if (mayRetry) {
      const again = stateFrom({ type: 'SCHEDULED', name: 'AwaitingRetry', message: proposed.message })
      again.state_details.scheduled_time = new Date().toISOString()
      return this.#write(run, again, 'REJECT')
    }
    const written = this.#write(run, proposed, 'ACCEPT')
    if (proposed.type === 'COMPLETED' && details.cache_key)
      this.cache.set(String(details.cache_key), proposed)
    return written
  }

  #write(run: StoredRun, state: StoredState, status: 'ACCEPT' | 'REJECT') {
    run.state = state
    run.states.push(state.name)
    const type = status === 'ACCEPT' ? 'accept_details' : 'reject_details'
    return { status, state: structuredClone(state), details: { type, reason: null } }
  }
}

interface SetState {
  params: { id: string }
  body: { state: Partial<StoredState> & { type: string }; force?: boolean }
}

function stateFrom(proposal: Partial<StoredState> & { type: string }): StoredState {
  const { type, message = null, data = null, state_details = {} } = proposal
  const name = proposal.name ?? type.charAt(0) + type.slice(1).toLowerCase()
  const details = Object.fromEntries(Object.entries(state_details).filter(([, value]) => value !== undefined))
  return {
    id: crypto.randomUUID(),
    type,
    name,
    timestamp: new Date().toISOString(),
    message,
    data,
    state_details: details,
  }
}

/** Calls `fn` with flows and tasks going to a new stand-in; results stay in memory. */
export async function withFakeApi<T>(
  fn: (api: FakeApi) => Promise<T>,
  environment: Record<string, string> = {},
): Promise<T> {
  const api = new FakeApi()
  const settings = readSettings({
    REEVE_LOGGING_TO_CONSOLE_ENABLED: 'no',
    REEVE_CANCEL_GRACE_SECONDS: '0',
    ...environment,
  })
  const runtime = runtimeOver(api as unknown as EngineApi, settings, { url: api.url })
  const results = { ...runtime.results, storage: memoryStorage() }
  return runInScope({ runtime: { ...runtime, results } }, () => fn(api))
}
