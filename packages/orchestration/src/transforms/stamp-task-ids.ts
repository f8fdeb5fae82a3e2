import { taskTransform } from '../rule.ts'

/** A task run's state names its run and the flow run that this belongs to. */
export const stampTaskIds = taskTransform({
  name: 'stamp-task-ids',
  before({ run }, proposed) {
    proposed.state_details.flow_run_id = run.flow_run_id
    proposed.state_details.task_run_id = run.id
  },
})
