import type { Route } from '@reeve/schemas/route'
import type * as artifacts from '@reeve/schemas/routes/artifacts'
import type * as blockDocuments from '@reeve/schemas/routes/block-documents'
import type * as blockSchemas from '@reeve/schemas/routes/block-schemas'
import type * as blockTypes from '@reeve/schemas/routes/block-types'
import type * as concurrencyLimitsV2 from '@reeve/schemas/routes/concurrency-limits-v2'
import type * as deployments from '@reeve/schemas/routes/deployments'
import type * as events from '@reeve/schemas/routes/events'
import type * as flowRunInputs from '@reeve/schemas/routes/flow-run-inputs'
import type * as flowRuns from '@reeve/schemas/routes/flow-runs'
import type * as flows from '@reeve/schemas/routes/flows'
import type * as logs from '@reeve/schemas/routes/logs'
import type * as runStates from '@reeve/schemas/routes/run-states'
import type * as starts from '@reeve/schemas/routes/starts'
import type * as taskRuns from '@reeve/schemas/routes/task-runs'
import type * as variables from '@reeve/schemas/routes/variables'

/**
 * The routes that this package calls by itself, without their schemas: whoever calls needs only types, and
 * the library of the schemas takes longer to load than all the rest. A test holds them to the real ones.
 */
function light<R extends Route>(
  id: R['id'],
  method: R['method'],
  path: R['path'],
  produces?: R['produces'],
): R {
  return { id, method, path, ...(produces && { produces }), responses: {} } as unknown as R
}

export const createFlow = light<typeof flows.createFlow>('createFlow', 'POST', '/flows/')
export const createFlowRun = light<typeof flowRuns.createFlowRun>('createFlowRun', 'POST', '/flow_runs/')
export const filterFlowRuns = light<typeof flowRuns.filterFlowRuns>(
  'filterFlowRuns',
  'POST',
  '/flow_runs/filter',
)
export const readFlowRun = light<typeof flowRuns.readFlowRun>('readFlowRun', 'GET', '/flow_runs/:id')
export const resumeFlowRun = light<typeof flowRuns.resumeFlowRun>(
  'resumeFlowRun',
  'POST',
  '/flow_runs/:id/resume',
)
export const setFlowRunState = light<typeof flowRuns.setFlowRunState>(
  'setFlowRunState',
  'POST',
  '/flow_runs/:id/set_state',
)
export const updateFlowRun = light<typeof flowRuns.updateFlowRun>('updateFlowRun', 'PATCH', '/flow_runs/:id')
export const startFlowRun = light<typeof starts.startFlowRun>('startFlowRun', 'POST', '/flow_runs/start')
export const startTaskRun = light<typeof starts.startTaskRun>('startTaskRun', 'POST', '/task_runs/start')
export const createTaskRun = light<typeof taskRuns.createTaskRun>('createTaskRun', 'POST', '/task_runs/')
export const filterTaskRuns = light<typeof taskRuns.filterTaskRuns>(
  'filterTaskRuns',
  'POST',
  '/task_runs/filter',
)
export const readTaskRun = light<typeof taskRuns.readTaskRun>('readTaskRun', 'GET', '/task_runs/:id')
export const readTaskRunStates = light<typeof runStates.readTaskRunStates>(
  'readTaskRunStates',
  'GET',
  '/task_run_states/',
)
export const setTaskRunState = light<typeof taskRuns.setTaskRunState>(
  'setTaskRunState',
  'POST',
  '/task_runs/:id/set_state',
)
export const createLogs = light<typeof logs.createLogs>('createLogs', 'POST', '/logs/')
export const createEvents = light<typeof events.createEvents>('createEvents', 'POST', '/events')
export const filterEvents = light<typeof events.filterEvents>('filterEvents', 'POST', '/events/filter')
export const createFlowRunInput = light<typeof flowRunInputs.createFlowRunInput>(
  'createFlowRunInput',
  'POST',
  '/flow_runs/:id/input',
)
export const deleteFlowRunInput = light<typeof flowRunInputs.deleteFlowRunInput>(
  'deleteFlowRunInput',
  'DELETE',
  '/flow_runs/:id/input/:key',
)
export const filterFlowRunInput = light<typeof flowRunInputs.filterFlowRunInput>(
  'filterFlowRunInput',
  'POST',
  '/flow_runs/:id/input/filter',
)
export const updateFlowRunLabels = light<typeof flowRuns.updateFlowRunLabels>(
  'updateFlowRunLabels',
  'PATCH',
  '/flow_runs/:id/labels',
)
export const readFlowRunInput = light<typeof flowRunInputs.readFlowRunInput>(
  'readFlowRunInput',
  'GET',
  '/flow_runs/:id/input/:key',
  'text/plain',
)
export const decrementConcurrencyLimitsWithLease = light<
  typeof concurrencyLimitsV2.decrementConcurrencyLimitsWithLease
>('decrementConcurrencyLimitsWithLease', 'POST', '/v2/concurrency_limits/decrement-with-lease')
export const incrementConcurrencyLimits = light<typeof concurrencyLimitsV2.incrementConcurrencyLimits>(
  'incrementConcurrencyLimits',
  'POST',
  '/v2/concurrency_limits/increment',
)
export const incrementConcurrencyLimitsWithLease = light<
  typeof concurrencyLimitsV2.incrementConcurrencyLimitsWithLease
>('incrementConcurrencyLimitsWithLease', 'POST', '/v2/concurrency_limits/increment-with-lease')
export const renewConcurrencyLease = light<typeof concurrencyLimitsV2.renewConcurrencyLease>(
  'renewConcurrencyLease',
  'POST',
  '/v2/concurrency_limits/leases/:lease_id/renew',
)
export const createArtifact = light<typeof artifacts.createArtifact>('createArtifact', 'POST', '/artifacts/')
export const updateArtifact = light<typeof artifacts.updateArtifact>(
  'updateArtifact',
  'PATCH',
  '/artifacts/:id',
)
export const createVariable = light<typeof variables.createVariable>('createVariable', 'POST', '/variables/')
export const deleteVariableByName = light<typeof variables.deleteVariableByName>(
  'deleteVariableByName',
  'DELETE',
  '/variables/name/:name',
)
export const readVariableByName = light<typeof variables.readVariableByName>(
  'readVariableByName',
  'GET',
  '/variables/name/:name',
)
export const updateVariableByName = light<typeof variables.updateVariableByName>(
  'updateVariableByName',
  'PATCH',
  '/variables/name/:name',
)
export const createBlockDocument = light<typeof blockDocuments.createBlockDocument>(
  'createBlockDocument',
  'POST',
  '/block_documents/',
)
export const updateBlockDocument = light<typeof blockDocuments.updateBlockDocument>(
  'updateBlockDocument',
  'PATCH',
  '/block_documents/:id',
)
export const deleteBlockDocument = light<typeof blockDocuments.deleteBlockDocument>(
  'deleteBlockDocument',
  'DELETE',
  '/block_documents/:id',
)
export const createBlockSchema = light<typeof blockSchemas.createBlockSchema>(
  'createBlockSchema',
  'POST',
  '/block_schemas/',
)
export const filterBlockSchemas = light<typeof blockSchemas.filterBlockSchemas>(
  'filterBlockSchemas',
  'POST',
  '/block_schemas/filter',
)
export const createBlockType = light<typeof blockTypes.createBlockType>(
  'createBlockType',
  'POST',
  '/block_types/',
)
export const readBlockTypeBySlug = light<typeof blockTypes.readBlockTypeBySlug>(
  'readBlockTypeBySlug',
  'GET',
  '/block_types/slug/:slug',
)
export const readBlockDocumentByName = light<typeof blockTypes.readBlockDocumentByName>(
  'readBlockDocumentByName',
  'GET',
  '/block_types/slug/:slug/block_documents/name/:block_document_name',
)
export const createDeployment = light<typeof deployments.createDeployment>(
  'createDeployment',
  'POST',
  '/deployments/',
)
export const pauseDeployment = light<typeof deployments.pauseDeployment>(
  'pauseDeployment',
  'POST',
  '/deployments/:id/pause_deployment',
)
export const readDeploymentByName = light<typeof deployments.readDeploymentByName>(
  'readDeploymentByName',
  'GET',
  '/deployments/name/:flow_name/:deployment_name',
)
export const createFlowRunFromDeployment = light<typeof deployments.createFlowRunFromDeployment>(
  'createFlowRunFromDeployment',
  'POST',
  '/deployments/:id/create_flow_run',
)
