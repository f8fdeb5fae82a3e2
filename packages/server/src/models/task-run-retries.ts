import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import { SERVER_CLIENT } from './rule-context.ts'
import { serverState } from './server-state.ts'
import { transitionTaskRuns } from './task-run-transitions.ts'

/** For clients before pause and resume: a retried flow run starts its failed task runs over. */
export async function retryFailedTaskRuns(
  session: Session,
  flowRunId: string,
  scheduledTime: string,
  context: ModelContext,
): Promise<void> {
  const failed = await session.all(
    session.build
      .selectFrom('task_run')
      .select('id')
      .where('flow_run_id', '=', flowRunId)
      .where('state_type', '=', 'FAILED'),
  )
  const proposals = failed.map(({ id }) => ({
    task_run_id: id,
    state: serverState('SCHEDULED', context, {
      name: 'AwaitingRetry',
      state_details: { scheduled_time: scheduledTime },
    }),
    force: true,
    client: SERVER_CLIENT,
  }))
  await transitionTaskRuns(session, proposals, context)
  await session.run(
    session.build
      .updateTable('task_run')
      .set({ run_count: 0 })
      .where('flow_run_id', '=', flowRunId)
      .where('state_type', '=', 'SCHEDULED')
      .where('state_name', '=', 'AwaitingRetry'),
  )
}
