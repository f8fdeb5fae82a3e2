/**
 * The name of what tells, to who asks for it by name, that a flow run was handed an input. Its resource is the run.
 * Without zod, which programs that only wait for it need not load.
 */
export const FLOW_RUN_INPUT_CREATED = 'reeve.flow-run-input.created'
