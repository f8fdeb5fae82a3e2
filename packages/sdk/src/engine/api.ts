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
import {
  type ToldFlowRunStart,
  type ToldTaskRun,
  type ToldTaskRunStart,
  wholeAnswer,
} from './terse-answers.ts'

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

/** Of runs that are made the engine is told what it needs, over a pipeline no more. */
interface Told {
  createTaskRun: (input: Asked<'createTaskRun'>) => Promise<ToldTaskRun>
  startFlowRun: (input: Asked<'startFlowRun'>) => Promise<ToldFlowRunStart>
  startTaskRun: (input: Asked<'startTaskRun'>) => Promise<ToldTaskRunStart>
}
type Whole = Client<typeof engineRoutes>
type Asked<Id extends keyof Told> = Parameters<Whole[Id]>[0]

export type EngineApi = Omit<Whole, keyof Told> & Told

/** About a minute and a half: a run should outlive a server that restarts or is short of breath. */
const PATIENT_RETRIES = 9

/** The engine's client, and the pipeline that it goes through. */
export function engineApi(options: PipelineOptions): { api: EngineApi; pipeline: Pipeline } {
  const pipeline = new Pipeline({ retries: PATIENT_RETRIES, whole: wholeAnswer, ...options })
  return { api: createClient(engineRoutes, pipeline), pipeline }
}
