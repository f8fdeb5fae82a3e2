import type { Client, RuleSettings } from '@reeve/orchestration/types'
import type { Timestamp } from '@reeve/schemas/time'
import type { ModelContext } from '../context.ts'

/** Who proposes when the server itself does. */
export const SERVER_CLIENT: Client = { generation: '3.8', version: undefined, api_version: undefined }

/** The facts that have nothing to do with the run. */
export interface RuleContext {
  now: Timestamp
  client: Client
  settings: RuleSettings
  lease_id: string
  pause_key: string
  random: number
}

export function ruleContext({ clock, ids, random, settings }: ModelContext, client: Client): RuleContext {
  return {
    now: clock.now(),
    client,
    settings: {
      tag_concurrency_slot_wait_seconds:
        client.generation === '2.20'
          ? settings.tag_concurrency_slot_wait_seconds_2
          : settings.tag_concurrency_slot_wait_seconds,
      deployment_concurrency_slot_wait_seconds: settings.deployment_concurrency_slot_wait_seconds,
      initial_deployment_lease_seconds: settings.initial_deployment_lease_seconds,
      max_cache_key_length: settings.max_cache_key_length,
    },
    lease_id: ids.random(),
    pause_key: ids.random(),
    random: random(),
  }
}
