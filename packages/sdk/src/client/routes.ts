import * as flowRunInputs from '@reeve/schemas/routes/flow-run-inputs'
import * as flowRuns from '@reeve/schemas/routes/flow-runs'
import * as flows from '@reeve/schemas/routes/flows'
import * as logs from '@reeve/schemas/routes/logs'
import * as runStates from '@reeve/schemas/routes/run-states'
import * as taskRuns from '@reeve/schemas/routes/task-runs'

/** Every operation of the REST API. */
export const allRoutes = {
  ...flows,
  ...flowRuns,
  ...flowRunInputs,
  ...taskRuns,
  ...runStates,
  ...logs,
} as const
