import type { Timestamp } from '@reeve/schemas/time'
import type { Context } from '../context.ts'
import { reapLeases } from '../models/leases.ts'

const LEASES_A_PASS = 100

/** Gives the slots of leases back which nobody renewed in time. Returns how many leases it ended. */
export function repossessLeases(context: Context, now: Timestamp): Promise<number> {
  return context.database.write((session) => reapLeases(session, { now, limit: LEASES_A_PASS }, context))
}
