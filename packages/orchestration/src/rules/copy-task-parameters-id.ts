import { taskRule } from '../rule.ts'

/** The key to the stored parameters of a background task goes with it from state to state. */
export const copyTaskParametersId = taskRule({
  name: 'copy-task-parameters-id',
  from: ['SCHEDULED', 'PENDING'],
  to: ['PENDING', 'RUNNING'],
  before({ current }, proposed) {
    proposed.state_details.task_parameters_id ||= current?.state_details.task_parameters_id ?? null
  },
})
