import type { Timestamp } from '@reeve/schemas/time'
import type { Context } from '../context.ts'
import { deleteEventsBefore } from '../models/events.ts'
import type { Service } from './service.ts'

const BATCH = 200
const SECOND = 1_000_000
/** Sent every few minutes by each flow run: kept no longer than this, whatever other events are. */
const HEARTBEAT = { name: 'prefect.flow-run.heartbeat', seconds: 7 * 24 * 3600 }

/** Deletes events that occurred longer ago than they are kept; returns how many. */
async function deleteOldEvents(context: Context, now: Timestamp): Promise<number> {
  const { event_retention_seconds: kept } = context.settings
  const heartbeats = Math.min(kept, HEARTBEAT.seconds)
  const deleted = await deleteAll(context, { occurred: now - heartbeats * SECOND, name: HEARTBEAT.name })
  return deleted + (await deleteAll(context, { occurred: now - kept * SECOND }))
}

/** In batches, between which other writes get their turn. */
async function deleteAll(context: Context, which: { occurred: Timestamp; name?: string }): Promise<number> {
  let deleted = 0
  for (;;) {
    const batch = await context.database.write((session) =>
      deleteEventsBefore(session, { ...which, limit: BATCH }),
    )
    deleted += batch
    if (batch < BATCH) return deleted
  }
}

export const eventRetention: Service = { name: 'event-retention', every: 3600, run: deleteOldEvents }
