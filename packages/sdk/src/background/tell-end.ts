import type { Json, JsonObject } from '@reeve/schemas/json'
import type { WaitingTaskRun } from '@reeve/schemas/task-run'
import { systemClock } from '../client/clock.ts'
import type { Runtime } from '../engine/runtime.ts'
import type { State } from '../engine/state.ts'
import { fromWire } from '../engine/wire-state.ts'

/**
 * Where the server does not tell by itself how runs end, tells those who wait for this one, as Prefect's clients do.
 * Without `state` the server is asked for it. The event does not say that a client governs the run: the server
 * knows its states already.
 */
export async function tellEnd(run: WaitingTaskRun, runtime: Runtime, state?: State): Promise<void> {
  const { api, pipeline, events, clock } = runtime
  if (!pipeline || clock !== systemClock || (await pipeline.isThere())) return
  const end = state ?? (await readState(run, api))
  if (!end?.isFinal || end.id === undefined || end.timestamp === undefined) return
  const { type, name, message = '', id, timestamp, details } = end
  const data = end.stored as Json
  events.add({
    id,
    occurred: timestamp,
    event: `prefect.task-run.${name}`,
    resource: {
      'prefect.resource.id': `prefect.task-run.${run.id}`,
      'prefect.resource.name': run.name,
      'prefect.state-message': message,
      'prefect.state-name': name,
      'prefect.state-timestamp': timestamp,
      'prefect.state-type': type,
    },
    related: run.tags.map((tag) => ({
      'prefect.resource.id': `prefect.tag.${tag}`,
      'prefect.resource.role': 'tag',
    })),
    payload: {
      validated_state: { type, name, message, state_details: given(details), data },
    },
    follows: null,
  })
  await events.flush()
}

async function readState({ id }: WaitingTaskRun, api: Runtime['api']): Promise<State | undefined> {
  const { state } = await api.readTaskRun({ params: { id } })
  return state ? fromWire(state) : undefined
}

/** Only what says something; whose state it is, the resource says. */
function given({ flow_run_id: _, task_run_id: __, ...details }: State['details']): JsonObject {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== null))
}
