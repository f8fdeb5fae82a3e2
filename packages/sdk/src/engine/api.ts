import {
  createEvents,
  createFlow,
  createFlowRun,
  createLogs,
  createTaskRun,
  filterFlowRuns,
  filterTaskRuns,
  readFlowRun,
  readTaskRun,
  readTaskRunStates,
  setFlowRunState,
  setTaskRunState,
  startFlowRun,
  startTaskRun,
  updateFlowRun,
} from '../client/used-routes.ts'
import { type Client, createClient } from '../client/client.ts'
import { Pipeline, type PipelineOptions } from './pipeline.ts'

/** The few operations that running flows and tasks takes; the whole API is another, larger module. */
const engineRoutes = {
  createFlow,
  createFlowRun,
  filterFlowRuns,
  readFlowRun,
  setFlowRunState,
  updateFlowRun,
  createTaskRun,
  filterTaskRuns,
  readTaskRun,
  readTaskRunStates,
  setTaskRunState,
  /** These two only where there is a pipeline. */
  startFlowRun,
  startTaskRun,
  createLogs,
  createEvents,
}

export type EngineApi = Client<typeof engineRoutes>

/** About a minute and a half: a run should outlive a server that restarts or is short of breath. */
const PATIENT_RETRIES = 9

/** The engine's client, and the pipeline that it goes through. */
export function engineApi(options: PipelineOptions): { api: EngineApi; pipeline: Pipeline } {
  const pipeline = new Pipeline({ retries: PATIENT_RETRIES, ...options })
  return { api: createClient(engineRoutes, pipeline), pipeline }
}
