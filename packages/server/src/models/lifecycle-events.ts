import type { JsonObject } from '@reeve/schemas/json'
import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import type { EventRow, Labels } from './events.ts'
import { insertEvents } from './events.ts'

export type LifecycleAction = 'created' | 'updated' | 'deleted'

/** The kinds of thing whose birth, changes and end are told. */
export type LifecycleKind =
  | 'flow'
  | 'variable'
  | 'block-type'
  | 'block-document'
  | 'concurrency-limit'
  | 'artifact-collection'
  | 'automation'
  | 'deployment'
  | 'work-pool'
  | 'work-queue'

export interface Lifecycle {
  kind: LifecycleKind
  action: LifecycleAction
  id: string
  name?: string | null
  payload: JsonObject
  related?: Labels[]
}

/** The event `prefect.<kind>.<action>`, which happens now. */
export function lifecycleEvent(
  { kind, action, id, name, payload, related = [] }: Lifecycle,
  context: ModelContext,
): EventRow {
  const now = context.clock.now()
  const resourceId = `prefect.${kind}.${id}`
  return {
    id: context.ids.ordered(),
    occurred: now,
    received: now,
    event: `prefect.${kind}.${action}`,
    resource_id: resourceId,
    resource: {
      'prefect.resource.id': resourceId,
      ...(name !== null && name !== undefined && { 'prefect.resource.name': name }),
    },
    related,
    payload,
    follows: null,
  }
}

/** Stores the event with the change that it tells of, and publishes it once both are durable. */
export async function tellLifecycle(
  session: Session,
  lifecycle: Lifecycle,
  context: ModelContext,
): Promise<void> {
  const event = lifecycleEvent(lifecycle, context)
  await insertEvents(session, [event])
  session.onCommit(() => context.bus.publish('event', event))
}
