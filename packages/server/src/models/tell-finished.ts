import { isTerminal } from '@reeve/schemas/state-type'
import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import type { Transitioned } from './transitioned.ts'

/** A task run, and what became of a proposal to it. */
type Move = readonly [taskRunId: string, Transitioned | undefined]

/** Once they are durable, tells those who listen of the runs that a proposal brought to their end. */
export function tellFinished(session: Session, moves: () => Iterable<Move>, { bus }: ModelContext): void {
  // Who begins to listen before the commit and reads what there is before it, must be told.
  session.onCommit(() => {
    if (!bus.hasListeners('finishedTaskRun')) return
    for (const [id, result] of moves()) {
      if (result?.written && result.state && isTerminal(result.state.type)) bus.publish('finishedTaskRun', id)
    }
  })
}
