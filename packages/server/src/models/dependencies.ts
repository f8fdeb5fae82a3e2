import type { JsonObject } from '@reeve/schemas/json'
import type { Session } from '../database/session.ts'
import type { TaskRunRecord } from './records.ts'
import { readTaskRuns } from './task-runs.ts'

/** Where a value of a task run came from, as far as it has an id. */
export interface InputRef {
  input_type: string
  id: string
}

/** The sources of a task run that have an id, by the name of the input; special names included. */
export function inputRefs(taskInputs: JsonObject): [name: string, refs: InputRef[]][] {
  return Object.entries(taskInputs).map(([name, inputs]) => [
    name,
    (Array.isArray(inputs) ? (inputs as Partial<InputRef>[]) : [])
      .filter((input): input is InputRef => typeof input?.id === 'string')
      .map(({ input_type = 'task_run', id }) => ({ input_type, id })),
  ])
}

export interface Dependency {
  run: TaskRunRecord
  /** Ids of the task runs that it took a value from or waited for, each once. */
  upstream: string[]
}

/** All task runs of a flow run, newest id first, each with what it depended on. */
export async function readTaskRunDependencies(session: Session, flowRunId: string): Promise<Dependency[]> {
  const runs = await readTaskRuns(session, {
    taskRunFilter: { operator: 'and_', flow_run_id: { operator: 'and_', any_: [flowRunId], is_null_: null } },
    limit: Number.MAX_SAFE_INTEGER,
  })
  return runs.map((run) => {
    const refs = inputRefs(run.task_inputs).flatMap(([, inputs]) => inputs)
    const upstream = refs.filter(({ input_type }) => input_type === 'task_run').map(({ id }) => id)
    return { run, upstream: [...new Set(upstream)] }
  })
}
