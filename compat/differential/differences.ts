import type { Answer } from './normalise.ts'
import type { Operation } from './operation.ts'

/** A difference that we want, and why. */
export interface Intended {
  reason: string
  /** Only against this generation; against every one when absent. */
  version?: '2.20' | '3.8'
  /** Set when the servers hold different rows from here on: the rest of the sequence says nothing. */
  ends?: boolean
  applies(operation: Operation, expected: Answer, found: Answer): boolean
}

type Reset = { slot_override?: unknown[] } | null | undefined
type Proposal = { state?: { state_details?: { transition_id?: unknown } } } | null | undefined
type Named = { name?: unknown } | null | undefined

const isHistory = ({ path }: Operation) => /^\/(flow|task)_runs\/history$/.test(path)
const parentTasks = ({ body }: Answer) =>
  JSON.stringify(body?.results?.map((each: any) => each.state?.state_details.task_run_id))
const listed = ({ body }: Answer) => Array.isArray(body)

/** The intended differences of whole answers; those of single fields are FIELDS. */
const INTENDED: readonly Intended[] = [
  {
    reason:
      'an inner error of the reference, or a database that is locked for it; whatever else we answer is better',
    ends: true,
    applies: (_operation, expected) => expected.status >= 500,
  },
  {
    reason:
      'the reference takes an empty object, list, false or 0 for a name as no name; we refuse what is no text',
    ends: true,
    applies: ({ body }, expected, found) =>
      expected.status !== 422 && found.status === 422 && typeof (body as Named)?.name !== 'string',
  },
  {
    reason:
      'bulk_set_state of the reference hides an inner error, or a locked database, behind ABORT without a state',
    version: '3.8',
    ends: true,
    applies: ({ path }, { body: expected }, { body: found }) =>
      path === '/flow_runs/bulk_set_state' &&
      expected?.results?.some(
        (each: any, index: number) =>
          each.status === 'ABORT' && each.state === null && found?.results?.[index]?.state,
      ) === true,
  },
  {
    reason:
      "a task run's transition that is sent again with its transition_id counts once; the reference makes it again",
    ends: true,
    applies: ({ path, body }, expected, found) =>
      /^\/task_runs\/[^/]+\/set_state$/.test(path) &&
      (body as Proposal)?.state?.state_details?.transition_id != null &&
      expected.status === 201 &&
      found.status === 200,
  },
  {
    reason:
      'a transition_id that the run has already, with another state, is refused as a repetition before any rule is asked',
    ends: true,
    applies: ({ path, body }, { body: expected }, { body: found }) => {
      const sent = (body as Proposal)?.state?.state_details?.transition_id
      return (
        /^\/task_runs\/[^/]+\/set_state$/.test(path) &&
        sent != null &&
        expected?.status === 'ABORT' &&
        found?.status === 'REJECT' &&
        found.state?.state_details?.transition_id === expected?.state?.state_details?.transition_id
      )
    },
  },
  {
    reason:
      'a state that is scheduled for now has one moment with us, as its own time and as that of its schedule; with the reference two',
    ends: true,
    applies: ({ path }, { body: expected }, { body: found }) =>
      path.endsWith('/graph-v2') &&
      expected?.states?.[0]?.type === 'SCHEDULED' &&
      found?.start_time === found?.states?.[0]?.timestamp &&
      JSON.stringify({ ...expected, start_time: null }) === JSON.stringify({ ...found, start_time: null }),
  },
  {
    reason: 'an empty all_ under or_ is true of every row for 2.20, and of none for 3.8, which we follow',
    version: '2.20',
    applies: ({ body }) => {
      const text = JSON.stringify(body ?? null)
      return text.includes('"all_":[]') && text.includes('"operator":"or_"')
    },
  },
  {
    reason:
      'bulk_set_state of 3.8 stores the parent task of a subflow with the runs that come after it; we do not',
    version: '3.8',
    ends: true,
    applies: ({ path }, expected, found) =>
      path === '/flow_runs/bulk_set_state' && parentTasks(expected) !== parentTasks(found),
  },
  {
    reason:
      'the reference aborts a transition whose data names its artifact by no text; we ignore such a name',
    version: '3.8',
    ends: true,
    applies: ({ body }, expected, found) =>
      expected.body?.status === 'ABORT' &&
      found.status === 201 &&
      /"artifact_(key|type|description)":[^"]/.test(JSON.stringify(body)),
  },
  {
    reason:
      'after a reset to more holders than the limit our number of slots is that of the holders, theirs is not',
    version: '3.8',
    ends: true,
    applies: ({ path, body }) => path.endsWith('/reset') && ((body as Reset)?.slot_override?.length ?? 0) > 1,
  },
  {
    reason: 'on SQLite 2.20 makes one bar of an empty span; 3.8 and 2.20 on PostgreSQL make none',
    version: '2.20',
    applies: (operation, expected, found) =>
      isHistory(operation) && listed(expected) && listed(found) && found.body.length === 0,
  },
  {
    reason:
      'in the filter by flow run 3.8 takes null for is_null_ and 2.20 refuses it: we take what either takes',
    version: '2.20',
    applies: ({ body }, expected, found) =>
      expected.status === 422 && found.status === 200 && JSON.stringify(body).includes('"is_null_":null'),
  },
  {
    reason: 'the graph is that of 3.8, which shows pending task runs too',
    version: '2.20',
    applies: ({ path }) => /\/graph(-v2)?$/.test(path),
  },
  {
    reason:
      'times of runs that end without having begun are kept as 3.8 does: filters and sorts by them differ',
    version: '2.20',
    applies: ({ body }) => /"(start_time|end_time)"|START_TIME|END_TIME/.test(JSON.stringify(body) ?? ''),
  },
]

interface IntendedField {
  reason: string
  version?: '2.20' | '3.8'
  /** Matches the line of `compareAnswers`. */
  line: RegExp
}

/** The intended differences of single fields. */
const FIELDS: readonly IntendedField[] = [
  {
    reason: 'the body that a 422 shows is what was sent; the reference shows it with what it filled in',
    line: /^body\.request_body\.(empirical_policy\.(retries|retry_delay)|parameters): expected /,
  },
  {
    reason: 'a state that rules put in the place of the proposed one says which transition made it',
    line: /\.state_details\.transition_id: expected null, found "/,
  },
  {
    reason: 'bulk_set_state of 3.8 names the last run in the answer for every run; we name each',
    version: '3.8',
    line: /^body\.results\[\d+\]\.state\.state_details\.(flow_run_id|task_run_id): /,
  },
  {
    reason: 'fields that 3.8 added are sent to clients of both generations; those of 2.20 ignore them',
    version: '2.20',
    line: /\.(labels|deferred|traceparent|deployment_concurrency_lease_id|created_by|job_variables|retry_type|encapsulating|retry_jitter_factor): expected nothing, found /,
  },
  {
    reason: '3.8 answers null where 2.20 answers an empty object; clients take both',
    version: '2.20',
    line: /\.job_variables: expected \{\}, found null$/,
  },
  {
    reason: 'a run that ends without having begun began when it ended, as in 3.8',
    version: '2.20',
    line: /\.(start_time|end_time): expected null, found "/,
  },
]

/** Why these two answers may differ; undefined when they may not. */
export function intended(
  operation: Operation,
  expected: Answer,
  found: Answer,
  version: string,
): Intended | undefined {
  return INTENDED.find(
    (each) => version.startsWith(each.version ?? '') && each.applies(operation, expected, found),
  )
}

/** Whether a line of `compareAnswers` is an intended difference. */
export function isIntendedLine(line: string, version: string): boolean {
  return FIELDS.some((each) => version.startsWith(each.version ?? '') && each.line.test(line))
}
