import { isTerminal } from '@reeve/schemas/state-type'
import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import type { TaskRunProposal } from './task-run-transitions.ts'
import type { Transitioned } from './transitioned.ts'

/** Once they are durable, tells those who listen of the runs that a proposal brought to their end. */
export function tellFinished(
  session: Session,
  proposals: readonly TaskRunProposal[],
  results: readonly (Transitioned | undefined)[],
  { bus }: ModelContext,
): void {
  // Who begins to listen before the commit and reads what there is before it, must be told.
  session.onCommit(() => {
    if (!bus.hasListeners('finishedTaskRun')) return
    for (const [index, result] of results.entries()) {
      const type = result?.written && result.state?.type
      if (type && isTerminal(type))
        bus.publish('finishedTaskRun', (proposals[index] as TaskRunProposal).task_run_id)
    }
  })
}
