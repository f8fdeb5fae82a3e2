import type { Timestamp } from '@reeve/schemas/time'
import type { Session } from '../database/session.ts'
import { flowRunMatches } from './filters/run-filters.ts'
import type { RunFilters } from './filters/run-filters.ts'
import { estimatedLateness } from './run-estimates.ts'

/** Mean seconds that the matching flow runs are late, those on time included; null when none match. */
export async function averageLateness(
  session: Session,
  filters: RunFilters,
  now: Timestamp,
): Promise<number | null> {
  const row = await session.first(
    session.build
      .selectFrom('flow_run')
      .select(({ fn }) => fn.avg<number | null>(estimatedLateness('flow_run', now)).as('lateness'))
      .where(flowRunMatches(session, filters)),
  )
  return row?.lateness ?? null
}
