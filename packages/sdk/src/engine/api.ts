import { createFlow } from '@reeve/schemas/routes/flows'
import {
  createFlowRun,
  filterFlowRuns,
  readFlowRun,
  setFlowRunState,
  updateFlowRun,
} from '@reeve/schemas/routes/flow-runs'
import { createEvents } from '@reeve/schemas/routes/events'
import { createLogs } from '@reeve/schemas/routes/logs'
import { createTaskRun, setTaskRunState } from '@reeve/schemas/routes/task-runs'
import { type Client, createClient } from '../client/client.ts'
import type { TransportOptions } from '../client/transport.ts'

/** The few operations that running flows and tasks takes; the whole API is another, larger module. */
const engineRoutes = {
  createFlow,
  createFlowRun,
  filterFlowRuns,
  readFlowRun,
  setFlowRunState,
  updateFlowRun,
  createTaskRun,
  setTaskRunState,
  createLogs,
  createEvents,
}

export type EngineApi = Client<typeof engineRoutes>

/** About a minute and a half: a run should outlive a server that restarts or is short of breath. */
const PATIENT_RETRIES = 9

export function engineApi(options: TransportOptions): EngineApi {
  return createClient(engineRoutes, { retries: PATIENT_RETRIES, ...options })
}
