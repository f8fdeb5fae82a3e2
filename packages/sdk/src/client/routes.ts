import * as admin from '@reeve/schemas/routes/admin'
import * as artifacts from '@reeve/schemas/routes/artifacts'
import * as blockDocuments from '@reeve/schemas/routes/block-documents'
import * as blockSchemas from '@reeve/schemas/routes/block-schemas'
import * as blockTypes from '@reeve/schemas/routes/block-types'
import * as concurrencyLimits from '@reeve/schemas/routes/concurrency-limits'
import * as concurrencyLimitsV2 from '@reeve/schemas/routes/concurrency-limits-v2'
import * as deployments from '@reeve/schemas/routes/deployments'
import * as events from '@reeve/schemas/routes/events'
import * as flowRunInputs from '@reeve/schemas/routes/flow-run-inputs'
import * as flowRunNotificationPolicies from '@reeve/schemas/routes/flow-run-notification-policies'
import * as flowRuns from '@reeve/schemas/routes/flow-runs'
import * as flows from '@reeve/schemas/routes/flows'
import * as logs from '@reeve/schemas/routes/logs'
import * as root from '@reeve/schemas/routes/root'
import * as runStates from '@reeve/schemas/routes/run-states'
import * as savedSearches from '@reeve/schemas/routes/saved-searches'
import * as starts from '@reeve/schemas/routes/starts'
import * as taskRuns from '@reeve/schemas/routes/task-runs'
import * as taskWorkers from '@reeve/schemas/routes/task-workers'
import * as ui from '@reeve/schemas/routes/ui'
import * as variables from '@reeve/schemas/routes/variables'
import * as waiting from '@reeve/schemas/routes/waiting'

/** Every operation of the REST API, with its types. */
export const allRoutes = {
  ...root,
  ...flows,
  ...flowRuns,
  ...deployments,
  ...flowRunInputs,
  ...flowRunNotificationPolicies,
  ...taskRuns,
  ...runStates,
  ...logs,
  ...concurrencyLimits,
  ...concurrencyLimitsV2,
  ...variables,
  ...artifacts,
  ...blockTypes,
  ...blockSchemas,
  ...blockDocuments,
  ...savedSearches,
  ...taskWorkers,
  ...events,
  ...ui,
  ...admin,
  ...waiting,
  ...starts,
} as const
