import { definePolicy } from '../policy.ts'
import { bypassCancellingWithoutInfrastructure } from '../rules/bypass-cancelling-without-infrastructure.ts'
import { copyScheduledTime } from '../rules/copy-scheduled-time.ts'
import { emitStateEvent } from '../rules/emit-state-event.ts'
import {
  enforceCancelledForGood,
  enforceCancellingToCancelled,
} from '../rules/enforce-cancelling-to-cancelled.ts'
import { handleFlowTerminalTransitions } from '../rules/handle-flow-terminal-transitions.ts'
import { handlePausing } from '../rules/handle-pausing.ts'
import { handleResuming } from '../rules/handle-resuming.ts'
import { keepLeaseOfOldClients } from '../rules/keep-lease-of-old-clients.ts'
import { onlyScheduledRunsAreLate } from '../rules/only-scheduled-runs-are-late.ts'
import { preserveLeaseId } from '../rules/preserve-lease-id.ts'
import { preventDuplicateTransitions } from '../rules/prevent-duplicate-transitions.ts'
import { preventPending } from '../rules/prevent-pending.ts'
import { releaseDeploymentSlot } from '../rules/release-deployment-slot.ts'
import { retryFailedFlows } from '../rules/retry-failed-flows.ts'
import { secureDeploymentSlot } from '../rules/secure-deployment-slot.ts'
import { validateDeploymentSlot } from '../rules/validate-deployment-slot.ts'
import { waitForScheduledTime } from '../rules/wait-for-scheduled-time.ts'
import type { FlowFacts } from '../types.ts'
import { flowTransforms } from './global-transforms.ts'

/** Every rule for flow runs. 2.20 takes no slots of deployments, but hands on those it is given. */
export const coreFlowPolicy = definePolicy<FlowFacts>(
  'core-flow',
  {
    '3.8': [
      preserveLeaseId,
      preventDuplicateTransitions,
      handleFlowTerminalTransitions,
      enforceCancellingToCancelled,
      bypassCancellingWithoutInfrastructure,
      preventPending,
      validateDeploymentSlot,
      secureDeploymentSlot,
      keepLeaseOfOldClients,
      onlyScheduledRunsAreLate,
      handlePausing,
      handleResuming,
      copyScheduledTime,
      waitForScheduledTime,
      retryFailedFlows,
      emitStateEvent,
      releaseDeploymentSlot,
    ],
    '2.20': [
      preserveLeaseId,
      preventDuplicateTransitions,
      handleFlowTerminalTransitions,
      enforceCancelledForGood,
      bypassCancellingWithoutInfrastructure,
      preventPending,
      keepLeaseOfOldClients,
      onlyScheduledRunsAreLate,
      handlePausing,
      handleResuming,
      copyScheduledTime,
      waitForScheduledTime,
      retryFailedFlows,
      emitStateEvent,
      releaseDeploymentSlot,
    ],
  },
  flowTransforms,
)
