import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import { createTaskRuns } from './task-run-creation.ts'
import type { CreatedTaskRun, TaskRunCreation } from './task-run-creation.ts'
import { transitionTaskRuns } from './task-run-transitions.ts'
import type { TaskRunProposal, Transitioned } from './task-run-transitions.ts'

/** A task run to create, and the state to propose to it once it is there. */
export interface TaskRunStart extends TaskRunCreation {
  proposal: Omit<TaskRunProposal, 'task_run_id' | 'client'>
}

export interface StartedTaskRun extends CreatedTaskRun {
  /** Undefined when the run was there already: its client has to look at it first. */
  transitioned: Transitioned | undefined
}

/** Creates task runs and governs a proposal for each one that is new, together in one transaction. */
export async function startTaskRuns(
  session: Session,
  starts: readonly TaskRunStart[],
  context: ModelContext,
): Promise<(StartedTaskRun | Error)[]> {
  const created = await createTaskRuns(session, starts, context)
  const proposals: TaskRunProposal[] = []
  for (const [index, made] of created.entries()) {
    const { proposal, client } = starts[index] as TaskRunStart
    if (!(made instanceof Error) && made.created)
      proposals.push({ ...proposal, task_run_id: made.taskRun.id, client })
  }
  const transitioned = proposals.length > 0 ? await transitionTaskRuns(session, proposals, context) : []
  let next = 0
  return created.map((made) =>
    made instanceof Error ? made : { ...made, transitioned: made.created ? transitioned[next++] : undefined },
  )
}
