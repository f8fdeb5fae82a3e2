import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import { readSurroundings } from './flow-run-events.ts'
import type { Surroundings } from './flow-run-events.ts'
import { loadFlowRuns, readTimestampsFrom } from './flow-run-facts.ts'
import type { LoadedFlowRun } from './flow-run-facts.ts'
import { surroundingsOf } from './new-flow-run.ts'

/** Flow runs that are to be moved, with what rules and events look at, by id. */
export interface MovingFlowRuns {
  runs: ReadonlyMap<string, LoadedFlowRun>
  /** Timestamps of their states that are not before `earliest`. */
  takenTimestamps: ReadonlyMap<string, number[]>
  surroundings: ReadonlyMap<string, Surroundings>
}

/** They are locked until the transaction ends. `earliest`: of the states that are proposed. */
export async function loadMoving(
  session: Session,
  ids: readonly string[],
  earliest: number,
  context: ModelContext,
): Promise<MovingFlowRuns> {
  const assumed = session.assume && assumeMoving(session, ids, earliest, context)
  if (assumed) return assumed
  // Sent together; the first one locks the runs before the others read.
  const [runs, takenTimestamps, surroundings] = await Promise.all([
    loadFlowRuns(session, ids),
    readTimestampsFrom(session, ids, earliest),
    readSurroundings(session, ids),
  ])
  return { runs, takenTimestamps, surroundings }
}

/** From what was seen before; undefined when that is not enough. */
function assumeMoving(
  session: Session,
  ids: readonly string[],
  earliest: number,
  { known }: ModelContext,
): MovingFlowRuns | undefined {
  const runs = known?.assumeRuns(session, ids)
  // States go forward in time, so that no timestamp is taken after the last one's.
  if (!runs?.every(({ current }) => current !== null && current.timestamp < earliest)) return undefined
  const flows = known?.assumeFlows(session, [...new Set(runs.map(({ row }) => row.flow_id))])
  if (!flows) return undefined
  const none = new Map<string, never>()
  const named = { flows: new Map(flows.map((flow) => [flow.id, flow])), deployments: none, taskRuns: none }
  return {
    runs: new Map(runs.map((run) => [run.row.id, run])),
    takenTimestamps: none,
    surroundings: new Map(
      runs.flatMap(({ row }) => {
        const surroundings = surroundingsOf(row, named)
        return surroundings ? [[row.id, surroundings] as const] : []
      }),
    ),
  }
}
