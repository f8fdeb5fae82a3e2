import { sql } from 'kysely'
import type { TaskRunFilter } from '@reeve/schemas/filters/task-run-filter'
import type { Session } from '../../database/session.ts'
import { column, listed, nullness, tags } from './column.ts'
import { related } from './condition.ts'
import type { Condition } from './condition.ts'
import { filter, group } from './filter.ts'
import { stateType } from './state-type.ts'

type Criterion<Key extends keyof TaskRunFilter> = NonNullable<TaskRunFilter[Key]>

const subflowRuns = sql`select 1 from flow_run as subflow_run where subflow_run.parent_task_run_id = task_run.id`

/** Which rows of `task_run`. */
export const taskRunFilter = filter<TaskRunFilter>({
  id: column('task_run.id'),
  name: column('task_run.name'),
  tags: tags('task_run.tags'),
  state: group<Criterion<'state'>>({
    type: stateType('task_run.state_type'),
    name: column('task_run.state_name'),
  }),
  start_time: column('task_run.start_time'),
  end_time: column('task_run.end_time'),
  expected_start_time: column('task_run.expected_start_time'),
  subflow_runs: (_session, { exists_ }) => related(exists_, subflowRuns),
  flow_run_id: flowRunId,
})

/** `is_null_` true overrules the list; false, which it is when absent, asks for a flow run only without a list. */
function flowRunId(session: Session, { any_, is_null_ }: Criterion<'flow_run_id'>): readonly Condition[] {
  const name = 'task_run.flow_run_id'
  if (is_null_ === true) return nullness(sql.ref(name), true)
  if (any_) return listed(session, name, { any_ })
  return is_null_ === false ? nullness(sql.ref(name), false) : []
}
