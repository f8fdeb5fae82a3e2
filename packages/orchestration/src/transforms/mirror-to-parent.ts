import { flowTransform } from '../rule.ts'

/** The task run that stands for a subflow in its parent follows the subflow's states. */
export const mirrorToParent = flowTransform({
  name: 'mirror-to-parent',
  after({ facts, run, effects }, { state_details: details }) {
    if (run.parent_task_run_id === null) return
    const state_details = { ...details, child_flow_run_id: run.id }
    if (details.run_input_keyset) state_details.run_input_keyset = { ...details.run_input_keyset }
    const { generation } = facts.client
    effects.push({
      type: 'mirror-to-parent',
      task_run_id: run.parent_task_run_id,
      state_details,
      generation,
    })
  },
})
