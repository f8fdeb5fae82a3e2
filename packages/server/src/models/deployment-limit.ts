import type { Session } from '../database/session.ts'

/** The limit on a deployment's runs: null when it has none, undefined when there is no such deployment. */
export async function readDeploymentLimitId(
  session: Session,
  deploymentId: string | null,
): Promise<string | null | undefined> {
  if (deploymentId === null) return undefined
  const row = await session.first(
    session.build.selectFrom('deployment').select('concurrency_limit_id').where('id', '=', deploymentId),
  )
  return row?.concurrency_limit_id
}
