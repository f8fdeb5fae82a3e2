import { UNENDING_LEASE_SECONDS } from '@reeve/orchestration/unending-lease'
import { incrementConcurrencyLimitsByTag as route } from '@reeve/schemas/routes/concurrency-limits'
import { takeSlots } from '../../models/leases.ts'
import { TAG_PREFIX } from '../../models/limit-counts.ts'
import { readTagLimits } from '../../models/rule-limits.ts'
import { ok, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireMinimalLimit } from '../wire/concurrency-limit.ts'

export const incrementConcurrencyLimitsByTag = endpoint(route, async ({ context, body }) =>
  context.database.write(async (session) => {
    const limits = await readTagLimits(session, body.names, { lock: true }, context)
    const tagOf = (limit: { name: string }) => limit.name.slice(TAG_PREFIX.length)
    const active = limits.filter((limit) => limit.active)
    const barred = active.find((limit) => limit.limit === 0)
    // Without the header of when to try again, clients give up.
    if (barred)
      return refuse(423, `The limit of the tag "${tagOf(barred)}" is 0: the task would never start.`)
    const effect = {
      type: 'take-slots' as const,
      limit_ids: active.map((limit) => limit.id),
      lease_id: context.ids.random(),
      ttl_seconds: UNENDING_LEASE_SECONDS,
      holder: { type: 'task_run' as const, id: body.task_run_id },
    }
    if (!(await takeSlots(session, effect, context))) {
      const full = active.filter((limit) => limit.active_slots >= limit.limit).map(tagOf)
      const seconds = context.settings.tag_concurrency_slot_wait_seconds
      const headers = { 'retry-after': String(seconds) }
      return { ...refuse(423, `No slot is free of the tag ${full.join(', ')}`), headers }
    }
    return ok(limits.map((limit) => wireMinimalLimit({ ...limit, name: tagOf(limit) })))
  }),
)
