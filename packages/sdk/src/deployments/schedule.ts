import type { JsonObject } from '@reeve/schemas/json'
import { encodeParameters } from '../engine/flow-parameters.ts'

/** When the server starts runs by itself; one of `cron`, `intervalSeconds` and `rrule`. */
export type Schedule<P = { readonly [name: string]: unknown }> = Times & {
  /** IANA name; UTC when left out. */
  timezone?: string | undefined
  /** Over those of the deployment. */
  parameters?: Partial<P> | undefined
  isActive?: boolean | undefined
}

type Times =
  | { cron: string; intervalSeconds?: undefined; rrule?: undefined }
  | { intervalSeconds: number; anchor?: Date | undefined; cron?: undefined; rrule?: undefined }
  | { rrule: string; cron?: undefined; intervalSeconds?: undefined }

/** As the server takes it. */
export function wireSchedule(schedule: Schedule<any>): JsonObject {
  const { timezone = 'UTC', parameters, isActive = true } = schedule
  return {
    schedule: { ...wireTimes(schedule), timezone },
    active: isActive,
    ...(parameters && { parameters: encodeParameters(parameters) }),
  }
}

function wireTimes(times: Times): JsonObject {
  if (times.cron !== undefined) return { cron: times.cron }
  if (times.rrule !== undefined) return { rrule: times.rrule }
  const { intervalSeconds, anchor } = times
  return { interval: intervalSeconds, ...(anchor && { anchor_date: anchor.toISOString() }) }
}
