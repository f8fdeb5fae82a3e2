import { Refusal } from '@reeve/schemas/scalar'
import type { ModelContext } from '../context.ts'
import { findRows } from '../database/find-rows.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { insertHistory } from './task-run-history.ts'
import { readSighting, tellsOfTaskRun } from './task-run-sighting.ts'
import type { Sighting } from './task-run-sighting.ts'
import { loadWorkingRuns } from './task-run-working-set.ts'

/** What could not be recorded; everything else of the batch was. */
export interface Recording {
  /** Events of flow runs that the database does not have: they may be tried again. */
  orphans: Row<'event'>[]
  /** Events that tell no task run, and why. */
  malformed: { event: Row<'event'>; reason: string }[]
}

/** Runs which another server inserts meanwhile are read in the next attempt. */
const ATTEMPTS = 5

/**
 * Writes the task runs and states that client-side orchestration tells of. Repetitions change nothing; a
 * run's row only moves to a later state, whatever the order of the events; every state is kept.
 */
export async function recordTaskRunEvents(
  session: Session,
  events: readonly Row<'event'>[],
  context: ModelContext,
): Promise<Recording> {
  const recording: Recording = { orphans: [], malformed: [] }
  const sightings = await withKnownFlowRun(session, readSightings(events, recording), recording)
  if (sightings.length === 0) return recording
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const runs = await loadWorkingRuns(session, sightings, context.clock.now())
    const entered = sightings.map((sighting) => ({ sighting, run: runs.apply(sighting) }))
    if (!(await runs.insertNew(session))) continue
    await runs.updateChanged(session)
    await insertHistory(session, entered)
    return recording
  }
  throw new Error('Task runs that another server inserts cannot be read')
}

/** Each event once, in the order in which the states were entered. */
function readSightings(events: readonly Row<'event'>[], recording: Recording): Sighting[] {
  const sightings = new Map<string, Sighting>()
  for (const event of events) {
    if (!tellsOfTaskRun(event) || sightings.has(event.id)) continue
    const sighting = readSighting(event)
    if (sighting instanceof Refusal) recording.malformed.push({ event, reason: sighting.msg })
    else sightings.set(event.id, sighting)
  }
  return [...sightings.values()].sort((a, b) => a.event.occurred - b.event.occurred)
}

async function withKnownFlowRun(
  session: Session,
  sightings: readonly Sighting[],
  recording: Recording,
): Promise<Sighting[]> {
  const named = new Set(sightings.map((sighting) => sighting.flow_run_id))
  const keys = [...named].filter((id) => id !== null).map((id) => ({ id }))
  const rows = await findRows(session, 'flow_run', ['id'], keys, ['id'], { keep: true })
  const known = new Set<string | null>([null, ...rows.map(({ id }) => id)])
  return sightings.filter(({ event, flow_run_id }) => {
    if (known.has(flow_run_id)) return true
    recording.orphans.push(event)
    return false
  })
}
