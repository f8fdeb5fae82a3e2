import type { Names } from './names.ts'
import type { Rest } from './rest.ts'

const FROM = '2020-01-01T00:00:00Z'
const UNTIL = '2100-01-01T00:00:00Z'

/** Every event about these flow runs or anything in them, by resource and in each resource's own order. */
export async function observeEvents(rest: Rest, names: Names, flowRuns: any[]): Promise<unknown[]> {
  if (flowRuns.length === 0) {
    return []
  }
  const events = await readEvents(
    rest,
    flowRuns.map((run) => `prefect.flow-run.${run.id}`),
  )
  const eventNames = new Map(events.map((each) => [each.id, each.event]))
  return events.sort(byResourceAndTime(names)).map((each) => ({
    event: each.event,
    resource: names.plain(withoutTimes(each.resource)),
    related: names
      .plain(each.related)
      .map((related: any) => JSON.stringify(related))
      .sort(),
    payload: names.plain(payloadOf(each)),
    follows: each.follows === null ? null : (eventNames.get(each.follows) ?? '<unknown>'),
  }))
}

async function readEvents(rest: Rest, resourceIds: string[]): Promise<any[]> {
  const filter = { any_resource: { id: resourceIds }, occurred: { since: FROM, until: UNTIL } }
  let page = await rest.must('POST', '/events/filter', { filter, limit: 50 })
  const events = [...page.events]
  while (page.next_page) {
    // The address of the next page is absolute and may name the server differently than the suite does.
    page = await rest.must('GET', `/events/filter/next${new URL(page.next_page).search}`)
    events.push(...page.events)
  }
  return events
}

function byResourceAndTime(names: Names) {
  const key = (event: any) => `${names.plain(event.resource['prefect.resource.id'])} ${event.occurred}`
  return (a: any, b: any) => (key(a) < key(b) ? -1 : 1)
}

function withoutTimes(resource: Record<string, string>) {
  return {
    ...resource,
    ...('prefect.state-timestamp' in resource ? { 'prefect.state-timestamp': '<time>' } : {}),
  }
}

// The task run in a task-run event is what the recorder makes the row of, and the row is observed by itself.
function payloadOf(event: any) {
  const { task_run: _, ...payload } = event.payload
  return payload
}
