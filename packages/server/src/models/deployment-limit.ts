import type { ModelContext } from '../context.ts'
import type { Row } from '../database/tables.ts'
import { createConcurrencyLimit, updateConcurrencyLimit } from './concurrency-limits.ts'
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

interface LimitWish {
  /** null takes the limit away; undefined leaves it as it is. */
  concurrency_limit?: number | null | undefined
  global_concurrency_limit_id?: string | null | undefined
}

/** Gives a deployment the limit on its runs that it asks for: one of its own, or one that is shared. */
export async function setDeploymentLimit(
  session: Session,
  deployment: Pick<Row<'deployment'>, 'id' | 'concurrency_limit_id'>,
  { concurrency_limit: own, global_concurrency_limit_id: shared }: LimitWish,
  context: ModelContext,
): Promise<void> {
  const { build } = session
  const linked = deployment.concurrency_limit_id
  const link = (limitId: string | null) =>
    session.run(
      build.updateTable('deployment').set({ concurrency_limit_id: limitId }).where('id', '=', deployment.id),
    )
  if (shared !== undefined) await link(shared)
  else if (own === null && linked !== null) {
    await session.run(build.deleteFrom('concurrency_limit').where('id', '=', linked))
  } else if (typeof own === 'number' && linked !== null) {
    await updateConcurrencyLimit(session, { id: linked }, { limit: own }, context)
  } else if (typeof own === 'number') {
    const limit = { name: `deployment:${deployment.id}`, limit: own, active: true }
    const slots = { active_slots: 0, denied_slots: 0, slot_decay_per_second: 0 }
    await link((await createConcurrencyLimit(session, { ...limit, ...slots }, context)).id)
  }
}
