import type { ModelContext } from '../context.ts'
import type { DatabaseError } from '../database/errors.ts'
import type { Session } from '../database/session.ts'
import { createFlowRuns } from './flow-run-creation.ts'
import type { CreatedFlowRun, FlowRunStart } from './flow-run-creation.ts'
import type { TaskRunCreation } from './new-task-run.ts'
import { createTaskRuns } from './task-run-creation.ts'
import type { CreatedTaskRun } from './task-run-creation.ts'

/** A flow run to start, and starts of its task runs that came along. */
export interface FlowRunBeginning extends FlowRunStart {
  /** Their flow run is this one, whatever they say. */
  taskRuns?: readonly TaskRunCreation[]
}

export interface BegunFlowRun extends CreatedFlowRun {
  /** In the order given; undefined for those that could not be made: all of them when the flow run is not running. */
  taskRuns: (CreatedTaskRun | undefined)[]
}

/** Creates flow runs, as `createFlowRuns` does, and then the task runs of those that are running. */
export async function beginFlowRuns(
  session: Session,
  beginnings: readonly FlowRunBeginning[],
  context: ModelContext,
): Promise<(BegunFlowRun | DatabaseError)[]> {
  const made = await createFlowRuns(session, beginnings, context)
  const begun = made.map((each) =>
    each instanceof Error ? each : { ...each, taskRuns: [] as BegunFlowRun['taskRuns'] },
  )
  const creations: TaskRunCreation[] = []
  const places: (CreatedTaskRun | undefined)[][] = []
  for (const [index, { taskRuns = [] }] of beginnings.entries()) {
    const each = begun[index]
    if (!each || each instanceof Error || !isRunning(each)) continue
    for (const { taskRun, ...creation } of taskRuns) {
      creations.push({ ...creation, taskRun: { ...taskRun, flow_run_id: each.flowRun.id } })
      places.push(each.taskRuns)
    }
  }
  if (creations.length === 0) return begun
  for (const [place, answer] of (await createTaskRuns(session, creations, context)).entries())
    places[place]?.push(answer instanceof Error ? undefined : answer)
  return begun
}

function isRunning({ created, flowRun, transitioned }: CreatedFlowRun): boolean {
  return created
    ? transitioned?.status === 'ACCEPT' && transitioned.state?.type === 'RUNNING'
    : flowRun.state?.type === 'RUNNING'
}
