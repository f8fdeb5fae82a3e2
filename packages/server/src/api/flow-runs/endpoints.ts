import type { Endpoint } from '../endpoint.ts'
import { bulkDeleteFlowRuns } from './bulk-delete.ts'
import { bulkSetFlowRunState } from './bulk-set-state.ts'
import { countFlowRuns } from './count.ts'
import { createFlowRun } from './create.ts'
import { deleteFlowRun } from './delete.ts'
import { downloadFlowRunLogs } from './download-logs.ts'
import { filterFlowRuns } from './filter.ts'
import { flowRunHistory } from './history.ts'
import { flowRunLateness } from './lateness.ts'
import { paginateFlowRuns } from './paginate.ts'
import { readFlowRunGraphV1 } from './read-graph-v1.ts'
import { readFlowRunGraphV2 } from './read-graph-v2.ts'
import { readFlowRun } from './read.ts'
import { resumeFlowRun } from './resume.ts'
import { setFlowRunState } from './set-state.ts'
import { updateFlowRunLabels } from './update-labels.ts'
import { startFlowRun } from './start-run.ts'
import { updateFlowRun } from './update.ts'
import { readFlowRunWaiting } from './waiting.ts'

export const FLOW_RUN_ENDPOINTS: readonly Endpoint[] = [
  createFlowRun,
  startFlowRun,
  readFlowRun,
  updateFlowRun,
  updateFlowRunLabels,
  deleteFlowRun,
  filterFlowRuns,
  paginateFlowRuns,
  countFlowRuns,
  flowRunLateness,
  flowRunHistory,
  readFlowRunGraphV1,
  readFlowRunGraphV2,
  setFlowRunState,
  readFlowRunWaiting,
  resumeFlowRun,
  bulkSetFlowRunState,
  bulkDeleteFlowRuns,
  downloadFlowRunLogs,
]
