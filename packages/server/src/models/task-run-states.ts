import type { State } from '@reeve/orchestration/types'
import type { Session } from '../database/session.ts'
import { currentState, joinedState } from './joined-state.ts'
import type { JoinedState } from './joined-state.ts'

interface JoinedOwner extends JoinedState {
  owner__id: string
  owner__flow_run_id: string | null
}

function statesWithOwner({ build }: Session) {
  return build
    .selectFrom('task_run_state as state')
    .innerJoin('task_run as owner', 'owner.id', 'state.task_run_id')
    .leftJoin('artifact as state_artifact', 'state_artifact.id', 'state.result_artifact_id')
    .select(joinedState)
    .select(['owner.id as owner__id', 'owner.flow_run_id as owner__flow_run_id'])
    .$castTo<JoinedOwner>()
}

function ownedState(row: JoinedOwner): State {
  return currentState(row, { flow_run_id: row.owner__flow_run_id, task_run_id: row.owner__id }) as State
}

export async function readTaskRunState(session: Session, stateId: string): Promise<State | undefined> {
  const row = await session.first(statesWithOwner(session).where('state.id', '=', stateId))
  return row && ownedState(row)
}

/** All states a task run was in, oldest first; none for an unknown run. */
export async function readTaskRunStates(session: Session, taskRunId: string): Promise<State[]> {
  const rows = await session.all(
    statesWithOwner(session).where('state.task_run_id', '=', taskRunId).orderBy('state.timestamp'),
  )
  return rows.map(ownedState)
}
