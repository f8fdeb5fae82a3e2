import type { Endpoint } from '../endpoint.ts'
import { countDeploymentsByFlow } from './count-deployments-by-flow.ts'
import { countTaskRunsByFlowRun } from './count-task-runs-by-flow-run.ts'
import { countTaskRunsByState } from './count-task-runs-by-state.ts'
import { dashboardTaskRunCounts } from './dashboard-task-run-counts.ts'
import { flowRunDots } from './flow-run-dots.ts'
import { nextRunsByFlow } from './next-runs-by-flow.ts'
import { readUITaskRun } from './read-task-run.ts'
import { validateSchemaValues } from './validate-schema-values.ts'

export const UI_ENDPOINTS: readonly Endpoint[] = [
  flowRunDots,
  countTaskRunsByFlowRun,
  countDeploymentsByFlow,
  nextRunsByFlow,
  dashboardTaskRunCounts,
  countTaskRunsByState,
  readUITaskRun,
  validateSchemaValues,
]
