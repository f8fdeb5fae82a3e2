import { pick, sorted } from './json.ts'
import type { Names } from './names.ts'
import type { Rest } from './rest.ts'

const LOG_FIELDS = ['flow_run_id', 'task_run_id', 'name', 'level', 'message']
const ARTIFACT_FIELDS = ['key', 'type', 'description', 'data', 'metadata_', 'flow_run_id', 'task_run_id']
const INPUT_FIELDS = ['flow_run_id', 'key', 'value', 'sender']

/** What these flow runs logged, made and were sent, and the variables and blocks with the unique text in their name. */
export async function observeRecords(rest: Rest, names: Names, flowRuns: any[], unique: string) {
  const ids = flowRuns.map((each) => each.id)
  const belonging = async (path: string, noun: string) =>
    ids.length > 0 ? await rest.all(path, { [noun]: { flow_run_id: { any_: ids } } }) : []
  const inputs = await Promise.all(
    ids.map((id) => rest.must('POST', `/flow_runs/${id}/input/filter`, { prefix: '', limit: 200 })),
  )
  const named = (path: string, noun: string) => rest.all(path, { [noun]: { name: { like_: unique } } })
  // Sorted, since threads log and make things in an order of chance.
  const observed = (records: any[], fields: string[]) =>
    sorted(records.map((each) => names.plain(pick(each, fields))))
  return {
    logs: sorted(observed(await belonging('/logs/filter', 'logs'), LOG_FIELDS).map(withoutFirstName)),
    artifacts: observed(await belonging('/artifacts/filter', 'artifacts'), ARTIFACT_FIELDS),
    variables: observed(await named('/variables/filter', 'variables'), ['name', 'value', 'tags']),
    blocks: observed(await named('/block_documents/filter', 'block_documents'), [
      'name',
      'data',
      'is_anonymous',
    ]),
    inputs: observed(inputs.flat(), INPUT_FIELDS),
  }
}

// A subflow run is logged under the random name it has before it is renamed; no run is found by that name.
function withoutFirstName(log: any): any {
  return { ...log, message: log.message.replace(/(subflow run )'[a-z]+-[a-z]+'/, "$1'<first name>'") }
}
