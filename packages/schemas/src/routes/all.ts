import type { Route } from '../route.ts'
import * as admin from './admin.ts'
import * as artifacts from './artifacts.ts'
import * as blockDocuments from './block-documents.ts'
import * as blockSchemas from './block-schemas.ts'
import * as blockTypes from './block-types.ts'
import * as concurrencyLimitsV2 from './concurrency-limits-v2.ts'
import * as concurrencyLimits from './concurrency-limits.ts'
import * as deployments from './deployments.ts'
import * as events from './events.ts'
import * as flowRunInputs from './flow-run-inputs.ts'
import * as flowRunNotificationPolicies from './flow-run-notification-policies.ts'
import * as flowRuns from './flow-runs.ts'
import * as flows from './flows.ts'
import * as logs from './logs.ts'
import * as root from './root.ts'
import * as runStates from './run-states.ts'
import * as savedSearches from './saved-searches.ts'
import * as starts from './starts.ts'
import * as taskRuns from './task-runs.ts'
import * as taskWorkers from './task-workers.ts'
import * as ui from './ui.ts'
import * as variables from './variables.ts'
import * as waiting from './waiting.ts'

/** Every operation of the API. */
export const ROUTES: readonly Route[] = [
  root,
  flows,
  flowRuns,
  deployments,
  flowRunInputs,
  taskRuns,
  runStates,
  logs,
  concurrencyLimits,
  concurrencyLimitsV2,
  variables,
  artifacts,
  blockTypes,
  blockSchemas,
  blockDocuments,
  savedSearches,
  flowRunNotificationPolicies,
  taskWorkers,
  events,
  ui,
  admin,
  waiting,
  starts,
].flatMap((noun): Route[] => Object.values(noun))
