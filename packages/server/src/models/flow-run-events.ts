import type { State } from '@reeve/orchestration/types'
import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'

// A stand-in until the events engineer (H7) replaces this whole file.
export async function flowRunStateEvent(
  _session: Session,
  { run, written }: { run: Row<'flow_run'>; previous: State | null; written: State },
  context: ModelContext,
): Promise<Row<'event'>> {
  const id = `prefect.flow-run.${run.id}`
  return {
    id: written.id,
    occurred: written.timestamp,
    received: context.clock.now(),
    event: `prefect.flow-run.${written.name}`,
    resource_id: id,
    resource: { 'prefect.resource.id': id, 'prefect.resource.name': run.name, 'prefect.state-type': written.type },
    related: [],
    payload: {},
    follows: null,
  }
}
