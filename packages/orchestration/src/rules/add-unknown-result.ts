import { commonRule } from '../rule.ts'

/** For 2.20: a failed run that is forced to COMPLETED gets a result that says it has none. */
export const addUnknownResult = commonRule({
  name: 'add-unknown-result',
  from: ['FAILED', 'CRASHED'],
  to: ['COMPLETED'],
  before({ current }, proposed) {
    const data = current?.data
    if (data === null || typeof data !== 'object' || Array.isArray(data) || data.type !== 'reference') return
    proposed.data = {
      type: 'unknown',
      artifact_type: 'result',
      artifact_description: 'Unknown result persisted to Prefect.',
      value: null,
    }
  },
})
