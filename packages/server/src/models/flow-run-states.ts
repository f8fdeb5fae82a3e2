import type { State } from '@reeve/orchestration/types'
import type { Session } from '../database/session.ts'
import { currentState, joinedState } from './joined-state.ts'
import type { JoinedState } from './joined-state.ts'

interface JoinedOwner extends JoinedState {
  owner__id: string
  owner__parent_task_run_id: string | null
}

function statesWithOwner({ build }: Session) {
  return build
    .selectFrom('flow_run_state as state')
    .innerJoin('flow_run as owner', 'owner.id', 'state.flow_run_id')
    .leftJoin('artifact as state_artifact', 'state_artifact.id', 'state.result_artifact_id')
    .select(joinedState)
    .select(['owner.id as owner__id', 'owner.parent_task_run_id as owner__parent_task_run_id'])
    .$castTo<JoinedOwner>()
}

function ownedState(row: JoinedOwner): State {
  return currentState(row, {
    flow_run_id: row.owner__id,
    task_run_id: row.owner__parent_task_run_id,
  }) as State
}

export async function readFlowRunState(session: Session, stateId: string): Promise<State | undefined> {
  const row = await session.first(statesWithOwner(session).where('state.id', '=', stateId))
  return row && ownedState(row)
}

/** All states a flow run was in, oldest first; none for an unknown run. */
export async function readFlowRunStates(session: Session, flowRunId: string): Promise<State[]> {
  const rows = await session.all(
    statesWithOwner(session).where('state.flow_run_id', '=', flowRunId).orderBy('state.timestamp'),
  )
  return rows.map(ownedState)
}
