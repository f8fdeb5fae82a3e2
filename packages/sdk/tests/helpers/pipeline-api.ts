import type { EngineApi } from '../../src/engine/api.ts'
import { runtimeOver } from '../../src/engine/connect.ts'
import type { Pipeline } from '../../src/engine/pipeline.ts'
import { runInScope } from '../../src/engine/scope.ts'
import { memoryStorage } from '../../src/results/memory-storage.ts'
import { readSettings } from '../../src/settings.ts'
import { FakeApi } from './fake-api.ts'

interface Start {
  task_run: Record<string, unknown>
  state: never
  end?: { state_details: object } | undefined
  age_seconds?: number
}

interface FlowStart {
  flow_run: Record<string, unknown>
  state: never
  age_seconds?: number
  task_runs?: Start[]
}

/** A stand-in with a pipeline, which notes what it is asked, and may refuse starts. */
export class PipelineApi extends FakeApi {
  /** `start`, `start+end` or the state that is proposed, for each call about a task run, in order. */
  readonly asked: string[] = []
  readonly ages: number[] = []
  /** Stands in for Running as often as there are some. */
  readonly refusals: ('ABORT' | 'PAUSED')[] = []
  /** Starts are answered when this resolves. */
  gate: Promise<void> | undefined
  /** The starts of flow runs, as they came. */
  readonly flowStarts: FlowStart[] = []
  /** As for task runs. */
  readonly flowRefusals: ('ABORT' | 'PAUSED')[] = []
  flowGate: Promise<void> | undefined

  constructor() {
    super()
    const set = this.setTaskRunState
    this.setTaskRunState = async (input) => {
      this.asked.push(input.body.state.type)
      return set(input)
    }
    this.startTaskRun = async ({ body: { task_run: given, state, end, age_seconds } }) => {
      if (end !== undefined || age_seconds !== undefined) this.asked.push(end ? 'start+end' : 'start')
      else this.asked.push('asks')
      this.ages.push(age_seconds ?? 0)
      await this.gate
      const task_run = { ...(await this.createTaskRun({ body: given })) }
      const params = { id: task_run.id }
      const refusal = this.refusals.shift()
      const answer = { task_run, end: null, flow_run_state_type: 'RUNNING' }
      if (refusal) return { ...answer, result: refused(refusal), flow_run_state_type: refusal }
      const result = await set({ params, body: { state } })
      return { ...answer, result, end: end ? await set({ params, body: { state: end as never } }) : null }
    }
  }

  startTaskRun: (input: { body: Start }) => Promise<{ task_run: unknown; result: unknown; end: unknown }>

  startFlowRun = async ({ body }: { body: FlowStart }) => {
    this.flowStarts.push(body)
    await this.flowGate
    const flow_run = await this.createFlowRun({ body: body.flow_run })
    const refusal = this.flowRefusals.shift()
    if (refusal) return { flow_run, result: refused(refusal), task_runs: [] }
    const result = await this.setFlowRunState({ params: { id: flow_run.id }, body: { state: body.state } })
    const task_runs: unknown[] = []
    for (const each of body.task_runs ?? []) task_runs.push(await this.startTaskRun({ body: each }))
    return { flow_run, result, task_runs }
  }
}

function refused(how: 'ABORT' | 'PAUSED'): unknown {
  if (how === 'ABORT')
    return { status: 'ABORT', state: null, details: { type: 'abort_details', reason: 'no' } }
  const state = { type: 'PAUSED', name: 'Paused', state_details: {}, message: null, data: null }
  return { status: 'REJECT', state, details: { type: 'reject_details', reason: 'paused' } }
}

export async function withPipeline<T>(fn: (api: PipelineApi) => Promise<T>): Promise<T> {
  const api = new PipelineApi()
  const settings = readSettings({ REEVE_LOGGING_TO_CONSOLE_ENABLED: 'no', REEVE_CANCEL_GRACE_SECONDS: '0' })
  const runtime = runtimeOver(api as unknown as EngineApi, settings, { url: api.url })
  const pipeline = { isThere: async () => true, isOpen: true, close() {} } as unknown as Pipeline
  const results = { ...runtime.results, storage: memoryStorage() }
  return runInScope({ runtime: { ...runtime, results, pipeline } }, () => fn(api))
}
