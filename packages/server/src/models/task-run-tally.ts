import { sql } from 'kysely'
import type { Compilable } from 'kysely'
import { inList } from '../database/in-list.ts'
import type { Session } from '../database/session.ts'
import { ALWAYS, every } from './filters/condition.ts'
import type { Condition } from './filters/condition.ts'
import type { RunFilters } from './filters/run-filters.ts'
import { micros } from './run-estimates.ts'

const HOUR = 3_600_000_000
/** The hour of a run without the time. */
const NO_HOUR = -1_000_000_000

const hourOf = (time: number) => Math.floor(time / HOUR)

/** What can be asked of the tally: task runs by when they started, in microseconds, and by their state. */
export interface TallyQuestion {
  /** At this time or later. */
  since: number | undefined
  /** At this time or earlier. */
  until: number | undefined
  /** In states of these types only. */
  types: readonly string[] | undefined
}

/** The question that these filters ask, when the tally can answer it. */
export function tallyQuestion({ taskRunFilter: own, ...others }: RunFilters): TallyQuestion | undefined {
  if (Object.values(others).some(Boolean)) return undefined
  if (!own) return { since: undefined, until: undefined, types: undefined }
  const { operator, state, start_time, ...rest } = own
  if (Object.values(rest).some((criterion) => criterion != null)) return undefined
  if (operator === 'or_') return undefined
  if (start_time?.is_null_ != null || state?.name != null) return undefined
  return {
    since: start_time?.after_ ?? undefined,
    until: start_time?.before_ ?? undefined,
    types: state?.type?.any_ ?? undefined,
  }
}

/** Whether these filters ask for the number of all task runs, which is a sum over hours. */
export function asksForAll(filters: RunFilters): boolean {
  const question = tallyQuestion(filters)
  return question !== undefined && isOfAll(question)
}

/** How many task runs are in a state of each type; the key is null for those without a state. */
export async function readTally(
  session: Session,
  question: TallyQuestion,
): Promise<Map<string | null, number>> {
  const rows = await allNamed(
    session,
    tallyParts(session, question)
      .select(({ fn }) => ['part.state_type', fn.sum<number>('part.runs').as('runs')])
      .groupBy('part.state_type'),
  )
  return new Map(
    rows.filter(({ runs }) => runs > 0).map(({ state_type, runs }) => [state_type || null, runs]),
  )
}

const isOfAll = ({ since, until, types }: TallyQuestion) =>
  since === undefined && until === undefined && types === undefined

/** How many task runs that are, in all. */
export async function sumTally(session: Session, question: TallyQuestion): Promise<number> {
  // Without states there are fewer rows to add up.
  const parts = isOfAll(question)
    ? session.build.selectFrom(hours(session, 'expected_start_time', []).as('part'))
    : tallyParts(session, question)
  const [row] = await allNamed(
    session,
    parts.select(({ fn }) => fn.sum<number | null>('part.runs').as('runs')),
  )
  return row?.runs ?? 0
}

/** The statements come in few texts, and take PostgreSQL longer to plan than to execute. */
async function allNamed<R>(session: Session, query: Compilable<R>): Promise<R[]> {
  const { sql: text, parameters } = query.compile()
  return (await session.execute<R>({ sql: text, parameters, named: true })).rows
}

/** Whole hours come from the tally, the hours in which the time begins and ends from the runs themselves. */
function tallyParts(session: Session, { since, until, types }: TallyQuestion) {
  const parts = edges(since, until).reduce(
    (query, edge) => query.unionAll(runsWithin(session, edge)),
    wholeHours(session, since, until),
  )
  return session.build
    .selectFrom(parts.as('part'))
    .where(types ? inList(session, 'part.state_type', types) : ALWAYS)
}

/** Of the hours that lie whole between the bounds; without bounds also of the runs that have no time. */
function wholeHours(session: Session, since: number | undefined, until: number | undefined) {
  const hour = (time: number) => micros(hourOf(time))
  const conditions: Condition[] = []
  if (since !== undefined) conditions.push(sql`task_run_tally.hour > ${hour(since)}`)
  if (until !== undefined)
    conditions.push(sql`task_run_tally.hour < ${hour(until)} and task_run_tally.hour > ${sql.lit(NO_HOUR)}`)
  return hours(session, 'start_time', conditions)
}

function hours(
  session: Session,
  measure: 'start_time' | 'expected_start_time',
  conditions: readonly Condition[],
) {
  return session.build
    .selectFrom('task_run_tally')
    .select(['task_run_tally.state_type', 'task_run_tally.runs'])
    .where('task_run_tally.measure', '=', sql.lit(measure))
    .where(every(conditions))
}

interface Edge {
  from: number
  to: number
}

/** What is left of the first and of the last hour, both ends included. */
function edges(since: number | undefined, until: number | undefined): Edge[] {
  const first = since === undefined ? undefined : { from: since, to: (hourOf(since) + 1) * HOUR - 1 }
  const last = until === undefined ? undefined : { from: hourOf(until) * HOUR, to: until }
  if (first && last && hourOf(first.from) === hourOf(last.to)) return [{ from: first.from, to: last.to }]
  if (first && last && first.from > last.to) return []
  return [first, last].filter((edge) => edge !== undefined)
}

function runsWithin(session: Session, { from, to }: Edge) {
  return session.build
    .selectFrom('task_run')
    .select([
      sql<string | null>`coalesce(task_run.state_type, '')`.as('state_type'),
      sql<number>`1`.as('runs'),
    ])
    .where(sql<boolean>`task_run.start_time >= ${micros(from)}`)
    .where(sql<boolean>`task_run.start_time <= ${micros(to)}`)
}

/** Where the runs in the order of their expected start go on after so many of them. */
export interface Landing {
  /** Only runs expected up to here (descending) or from here on (ascending). */
  bound: number
  /** How many of those come first. */
  offset: number
}

/** Skips whole hours of runs; undefined when the page has runs without the time. */
export async function skipTaskRuns(
  session: Session,
  { direction, offset, limit }: { direction: 'asc' | 'desc'; offset: number; limit: number },
): Promise<Landing | undefined> {
  const hours = await session.all(
    session.build
      .selectFrom('task_run_tally')
      .select(({ fn }) => ['task_run_tally.hour', fn.sum<number>('task_run_tally.runs').as('runs')])
      .where('task_run_tally.measure', '=', 'expected_start_time')
      .groupBy('task_run_tally.hour')
      .orderBy('task_run_tally.hour', direction),
  )
  // Runs without the time come first when descending, last when ascending.
  const timeless = hours.find(({ hour }) => hour === NO_HOUR)?.runs ?? 0
  let left = direction === 'desc' ? offset - timeless : offset
  if (left < 0) return undefined
  if (direction === 'asc') {
    const timed = hours.reduce((sum, { hour, runs }) => (hour === NO_HOUR ? sum : sum + runs), 0)
    if (offset + limit > timed) return undefined
  }
  for (const { hour, runs } of hours) {
    if (hour === NO_HOUR) continue
    if (left < runs)
      return { bound: direction === 'desc' ? (hour + 1) * HOUR - 1 : hour * HOUR, offset: left }
    left -= runs
  }
  return undefined
}

/** On PostgreSQL, adds up what statements appended; how many rows that were. For SQLite there is `addMoves`. */
export async function addUpTally(session: Session): Promise<number> {
  const tally = await addUp(session, 'task_run_tally', 'measure, hour, state_type', ['runs'])
  const key = 'span, state_type, state_name'
  return tally + (await addUp(session, 'task_run_finished', key, ['runs', 'run_time', 'lateness']))
}

async function addUp(session: Session, table: string, key: string, sums: readonly string[]): Promise<number> {
  const { rows } = await session.execute<{ added: number }>({
    sql: `with appended as (
        delete from ${table} where (${key}) in (select ${key} from ${table} group by ${key} having count(*) > 1)
        returning *),
      sums as (insert into ${table} select ${key}, ${sums.map((sum) => `sum(${sum})`).join(', ')} from appended
        group by ${key} having sum(runs) <> 0)
      select count(*) as added from appended`,
    parameters: [],
    named: true,
  })
  return rows[0]?.added ?? 0
}
