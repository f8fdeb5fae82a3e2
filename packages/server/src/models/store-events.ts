import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import { insertEvents } from './events.ts'
import type { EventRow } from './events.ts'
import { recordTaskRunEvents } from './task-run-recorder.ts'
import type { Recording } from './task-run-recorder.ts'

/**
 * Stores new events and the task runs they tell of in one transaction, and publishes them once it is
 * durable. Events that are stored already are left out of everything.
 */
export async function storeEvents(
  session: Session,
  events: readonly EventRow[],
  context: ModelContext,
): Promise<Recording> {
  const stored = await insertEvents(session, events)
  const recording = await recordTaskRunEvents(session, stored, context)
  session.onCommit(() => {
    for (const event of stored) context.bus.publish('event', event)
    for (const event of recording.orphans) context.bus.publish('orphanedEvent', event)
  })
  return recording
}
