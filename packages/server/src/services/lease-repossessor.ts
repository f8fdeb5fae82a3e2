import { firstExpiration, reapLeases } from '../models/leases.ts'
import type { Service } from './service.ts'

const LEASES_A_PASS = 100

/** Gives the slots of leases back which nobody renewed in time. */
export const leaseRepossessor: Service = {
  name: 'lease-repossessor',
  every: 15,
  async due(session) {
    const expiration = await firstExpiration(session)
    return expiration === undefined ? undefined : expiration + 1
  },
  run: (context, now) =>
    context.database.write((session) => reapLeases(session, { now, limit: LEASES_A_PASS }, context)),
}
