import { definePolicy } from '../policy.ts'
import { emitStateEvent } from '../rules/emit-state-event.ts'
import { enforceDeploymentLimitOnLate } from '../rules/enforce-deployment-limit-on-late.ts'
import { onlyScheduledRunsAreLate } from '../rules/only-scheduled-runs-are-late.ts'
import type { FlowFacts } from '../types.ts'
import { flowTransforms } from './global-transforms.ts'

/** For the service that marks late runs. */
export const markLateFlowPolicy = definePolicy<FlowFacts>(
  'mark-late-flow',
  {
    '3.8': [onlyScheduledRunsAreLate, enforceDeploymentLimitOnLate, emitStateEvent],
    '2.20': [onlyScheduledRunsAreLate, emitStateEvent],
  },
  flowTransforms,
)
