import type { Answer } from '../rest.ts'

/** The fields of a run that orchestration moves, with moments and random ids replaced by words. */
export type ObservedRun = Record<string, unknown>

/** An answer to a proposal in words that two servers can agree on. */
export interface ObservedAnswer {
  http_status: number
  status?: string
  details?: string
  delay_seconds?: number | string
  state?: Record<string, unknown> | null
}

const RUN_FIELDS = ['state_type', 'state_name', 'run_count', 'flow_run_run_count', 'slots', 'parent_task']
const MOMENTS = ['expected_start_time', 'next_scheduled_start_time']
const POLICY_FIELDS = ['resuming', 'retry_type', 'pause_keys']
const SLACK_MS = 5000

/** A run reduced to the fields that orchestration moves. Absent fields are left out. */
export function observeRun(run: any): ObservedRun {
  const seen: ObservedRun = {}
  for (const field of RUN_FIELDS) {
    if (run[field] !== undefined) {
      seen[field] = run[field]
    }
  }
  for (const field of ['start_time', 'end_time']) {
    seen[field] = run[field] === null ? null : 'set'
  }
  for (const field of MOMENTS) {
    seen[field] = moment(run[field])
  }
  for (const field of POLICY_FIELDS) {
    if (run.empirical_policy?.[field] !== undefined) {
      seen[field] = plain(run.empirical_policy[field], {})
    }
  }
  return seen
}

/** An answer of set_state, or of a creation (whose body is the run). `currentStateId` tells a new state from a kept one. */
export function observeAnswer(
  answer: Answer,
  names: Record<string, string>,
  currentStateId: string | null,
): ObservedAnswer {
  const { status: http_status, body } = answer
  if (http_status >= 400) {
    return { http_status }
  }
  const delay = body.details?.delay_seconds
  return {
    http_status,
    ...(body.status ? { status: body.status, details: body.details.type } : {}),
    ...(delay === undefined ? {} : { delay_seconds: wait(delay) }),
    state: body.state && observeState(body.state, names, currentStateId),
  }
}

function observeState(state: any, names: Record<string, string>, currentStateId: string | null) {
  const details = Object.entries(state.state_details ?? {}).filter(
    ([, value]) => value !== null && value !== false,
  )
  return {
    written: state.id !== currentStateId,
    type: state.type,
    name: state.name,
    message:
      state.message === null || ['proposed', 'held'].includes(state.message) ? state.message : '<text>',
    data: state.data ?? null,
    details: Object.fromEntries(details.map(([key, value]) => [key, plain(value, names)])),
  }
}

// A wait of an hour loses a second or two on its way; a wait for a slot is drawn at random by the 3.x server.
function wait(seconds: number): number | string {
  if (seconds >= 60) {
    return Math.round(seconds / 10) * 10
  }
  return seconds === 30 ? 30 : '<short>'
}

// The only list here, pause_keys, is a set.
function plain(value: unknown, names: Record<string, string>): unknown {
  if (Array.isArray(value)) {
    return value.map((each) => plain(each, names)).sort()
  }
  if (typeof value !== 'string') {
    return value
  }
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-/.test(value)) {
    return names[value] ?? '<id>'
  }
  return /^\d{4}-\d\d-\d\dT/.test(value) ? moment(value) : value
}

function moment(value: string | null): string | null {
  if (value === null) {
    return null
  }
  const distance = new Date(value).getTime() - Date.now()
  if (Math.abs(distance) <= SLACK_MS) {
    return 'now'
  }
  return distance < 0 ? 'past' : 'future'
}
