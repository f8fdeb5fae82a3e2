import { definePolicy } from '../policy.ts'
import { addUnknownResult } from '../rules/add-unknown-result.ts'
import { bypassCancellingWithoutInfrastructure } from '../rules/bypass-cancelling-without-infrastructure.ts'
import { emitStateEvent } from '../rules/emit-state-event.ts'
import { preserveLeaseId } from '../rules/preserve-lease-id.ts'
import { preventResultLoss } from '../rules/prevent-result-loss.ts'
import { releaseDeploymentSlot } from '../rules/release-deployment-slot.ts'
import type { FlowFacts } from '../types.ts'
import { flowTransforms } from './global-transforms.ts'

/** What holds for a flow run even by force. */
export const minimalFlowPolicy = definePolicy<FlowFacts>(
  'minimal-flow',
  {
    '3.8': [
      preserveLeaseId,
      preventResultLoss,
      bypassCancellingWithoutInfrastructure,
      emitStateEvent,
      releaseDeploymentSlot,
    ],
    '2.20': [
      preserveLeaseId,
      addUnknownResult,
      bypassCancellingWithoutInfrastructure,
      emitStateEvent,
      releaseDeploymentSlot,
    ],
  },
  flowTransforms,
)
