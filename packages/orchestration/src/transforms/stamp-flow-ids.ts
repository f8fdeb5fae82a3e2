import { flowTransform } from '../rule.ts'

/** A flow run's state names its run, and the task run that stands for it in its parent. */
export const stampFlowIds = flowTransform({
  name: 'stamp-flow-ids',
  before({ run }, proposed) {
    proposed.state_details.flow_run_id = run.id
    if (run.parent_task_run_id !== null) proposed.state_details.task_run_id = run.parent_task_run_id
  },
})
