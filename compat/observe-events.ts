import { by, sorted } from './json.ts'
import type { Names } from './names.ts'
import { RANDOM_NAME } from './random-name.ts'
import type { Rest } from './rest.ts'

const FROM = '2020-01-01T00:00:00Z'
const UNTIL = '2100-01-01T00:00:00Z'

/** Every event about these flow runs or anything in them, by resource and in each resource's own order. */
export async function observeEvents(rest: Rest, names: Names, flowRuns: any[]): Promise<unknown[]> {
  if (flowRuns.length === 0) {
    return []
  }
  const all = await readEvents(
    rest,
    flowRuns.map((run) => `prefect.flow-run.${run.id}`),
  )
  learnFirstNames(names, all)
  const eventNames = new Map(all.map((each) => [each.id, each.event]))
  const kept = all.filter((each) => !BY_DURATION.test(each.event))
  const observed = kept.map((each) => ({
    occurred: each.occurred,
    seen: observeEvent(names, eventNames, each),
  }))
  return observed.sort(by(place)).map(({ seen }) => seen)
}

// A flow run that is renamed has told of itself under its random name before.
function learnFirstNames(names: Names, events: any[]): void {
  for (const { resource } of events) {
    const [id, name] = [resource['prefect.resource.id'], resource['prefect.resource.name']]
    if (id.startsWith('prefect.flow-run.') && RANDOM_NAME.test(name)) {
      names.learn(name, `first name of ${names.plain(id)}`)
    }
  }
}

// How many there are depends on how long the run took.
const BY_DURATION = /\.heartbeat$/

function observeEvent(names: Names, eventNames: Map<string, string>, event: any) {
  return {
    event: event.event,
    resource: names.plain(withoutTimes(event.resource)),
    related: sorted(names.plain(event.related) as unknown[]),
    payload: names.plain(payloadOf(event)),
    follows: event.follows === null ? null : (eventNames.get(event.follows) ?? '<unknown>'),
  }
}

// A run's events have an order; those of a limit come from whichever task run was faster.
function place({ occurred, seen }: { occurred: string; seen: ReturnType<typeof observeEvent> }): string {
  const resource = seen.resource['prefect.resource.id']
  return `${resource} ${/^prefect\.(flow|task)-run\./.test(resource) ? occurred : JSON.stringify(seen)}`
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
